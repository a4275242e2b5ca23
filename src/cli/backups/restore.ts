import { randomUUID } from 'node:crypto'
import { WorkflowFailedError } from '@temporalio/client'
import Table from 'cli-table3'
import { drillInShort, restoreInShort } from '../../domain/in-short.ts'
import type { RestoreResult } from '../../domain/restore-result.ts'
import { followToItsEnd } from '../follow-pipeline.ts'
import { untilInterrupted } from '../interruption.ts'
import { print, printJson, say } from '../print.ts'
import { withTemporal } from '../with-temporal.ts'
import { readFailure, sayFailure } from '../workflow-failure.ts'
import { workflowSummary } from '../workflow-summary.ts'
import {
  type DrillOptions,
  drillRequestOf,
  type RestoreOptions,
  restoreRequestOf,
  type WantedOptions,
} from './restore-options.ts'

/** `holdfast backups restore`: has a worker restore a backup for use, and follows it. */
export async function restore(backup: string, options: RestoreOptions): Promise<void> {
  const request = restoreRequestOf(backup, options)
  await run('RestoreBackup', request, restoreInShort(request), options)
}

/** `holdfast backups drill`: has a worker prove a backup once more, in a MySQL that is made for it. */
export async function drill(backup: string, options: DrillOptions): Promise<void> {
  const request = drillRequestOf(backup, options)
  await run('DrillBackup', request, drillInShort(request), options)
}

async function run(
  type: 'RestoreBackup' | 'DrillBackup',
  request: object,
  inShort: string,
  options: WantedOptions,
): Promise<void> {
  const { taskQueue, output, workflowId = `${type === 'DrillBackup' ? 'drill' : 'restore'}-${randomUUID()}` } = options
  await withTemporal(async (client) => {
    const handle = await client.workflow.start(type, {
      taskQueue,
      workflowId,
      args: [request],
      ...workflowSummary(inShort, request),
    })
    say(`${type}: workflow ${workflowId} on the task queue ${taskQueue}`)
    try {
      const following = followToItsEnd<RestoreResult>(handle)
      report(workflowId, await untilInterrupted(following, howToGoOn(workflowId)), output)
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error
      process.exitCode = 1
      const { message, details } = readFailure(error)
      if (output === 'json') printJson({ workflowId, outcome: 'failed', message, ...details })
      sayFailure(message, details)
    }
  })
}

function report(workflowId: string, result: RestoreResult, output: WantedOptions['output']): void {
  if (output === 'json') printJson({ workflowId, outcome: 'proven', ...result })
  else print(restoreText(result))
}

/** What came back, for a person. */
export function restoreText({
  backupId,
  copy,
  schemas,
  setAside,
  tables,
  tableCount,
  objectCount,
}: RestoreResult): string {
  const table = new Table({ head: ['table', 'rows', 'checksum'], style: { head: [], border: [] } })
  for (const { name, restoredRows, checksumEqual } of tables) {
    table.push([name, restoredRows ?? 'missing', checksumEqual ? 'equal' : 'DIFFERS'])
  }
  const more = tableCount - tables.length
  const into = Object.entries(schemas).map(([from, to]) => (from === to ? from : `${from} into ${to}`))
  return [
    table.toString(),
    ...(more > 0 ? [`and ${more} more tables, equal too`] : []),
    ...(objectCount > 0 ? [`and views, routines, triggers, events: ${objectCount}, equal too`] : []),
    `Restored from ${copy}/${backupId}/, and equal to what was dumped: ${into.join(', ')}.`,
    ...Object.entries(setAside).map(
      ([schema, aside]) => `The tables that ${schema} had are in ${aside}. Drop it when nobody needs them.`,
    ),
  ].join('\n')
}

function howToGoOn(workflowId: string): string {
  return [
    'Stopped following. The workflow goes on.',
    `To cancel it, which takes back what it made: temporal workflow cancel --workflow-id '${workflowId}'`,
  ].join('\n')
}
