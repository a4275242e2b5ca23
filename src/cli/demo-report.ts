import Table from 'cli-table3'
import prettyBytes from 'pretty-bytes'
import type { BackupResult } from '../domain/backup-result.ts'
import type { WorkflowFailure } from './workflow-failure.ts'

/** The document that `--output json` prints. */
export function resultDocument(workflowId: string, runId: string, result: BackupResult): object {
  const { outcome, backupId, bucket, steps, tables, tableCount, objectCount, copies } = result
  const proof = { tables, tableCount, objectCount, copies }
  return { workflowId, runId, outcome, proven: true, backupId, bucket, steps, ...proof }
}

/** The same of one that failed, or was cancelled. */
export function failureDocument(
  workflowId: string,
  runId: string,
  { outcome, message, details }: WorkflowFailure,
): object {
  const { backupId, failedStep, steps = [], undone = [], notUndone = [], kept } = details ?? {}
  const end = { workflowId, runId, outcome, proven: false, backupId, failedStep, message }
  return { ...end, steps, tables: [], copies: [], undone, notUndone, ...(kept && { kept }) }
}

/** The end of a demo for a person: what came back, where the copies are, how long each step took. */
export function resultTables(result: BackupResult): string {
  const tables = new Table({ head: ['table', 'rows', 'rows restored', 'checksum'], style: { head: [], border: [] } })
  for (const { name, sourceRows, restoredRows, checksumEqual } of result.tables) {
    tables.push([name, sourceRows, restoredRows ?? 'missing', checksumEqual ? 'equal' : 'DIFFERS'])
  }
  const copies = new Table({ head: ['copy', 'objects', 'size'], style: { head: [], border: [] } })
  for (const { prefix, objects, bytes } of result.copies) copies.push([prefix, objects, prettyBytes(bytes)])
  const steps = new Table({ head: ['step', 'seconds', 'tries', 'Job'], style: { head: [], border: [] } })
  for (const { name, seconds, attempts, jobName } of result.steps) {
    steps.push([name, seconds.toFixed(1), attempts, jobName])
  }
  const more = result.tableCount - result.tables.length
  return [
    tables.toString(),
    ...(more > 0 ? [`and ${more} more tables, equal too`] : []),
    ...(result.objectCount > 0 ? [`and views, routines, triggers, events: ${result.objectCount}, equal too`] : []),
    copies.toString(),
    steps.toString(),
    ...withoutSnapshotsLines(result),
    `Backup ${result.backupId} in bucket ${result.bucket} is proven. Writes stood still for ${Math.round(result.lockedMilliseconds)} ms.`,
  ].join('\n')
}

function withoutSnapshotsLines({ withoutSnapshots: { tables, lockedMilliseconds } }: BackupResult): string[] {
  if (tables === 0) return []
  const milliseconds = Math.round(lockedMilliseconds)
  return [`Tables that are not transactional: ${tables}. Writes to them stood still for ${milliseconds} ms.`]
}
