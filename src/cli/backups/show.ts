import prettyBytes from 'pretty-bytes'
import { readLocks } from '../../catalog/backup-lock.ts'
import { readProofs, readRecord } from '../../catalog/catalog.ts'
import type { BackupProof, BackupRecord } from '../../domain/backup-record.ts'
import { print, printJson } from '../print.ts'
import type { BucketOptions } from './bucket-options.ts'
import { parseBackupId } from './parse-backup-id.ts'
import { withStore } from './with-store.ts'

/** `holdfast backups show`: what the record of a backup says, how it was proven, and what locks it. */
export async function show(id: string, options: BucketOptions): Promise<void> {
  const backupId = parseBackupId(id)
  const [record, proofs, locks] = await withStore(options, async (store) =>
    Promise.all([readRecord(store, backupId), readProofs(store, backupId), readLocks(store, backupId, new Date())]),
  )
  if (options.output === 'json') printJson({ record, proofs, locks })
  else
    print([...recordLines(record), ...proofs.flatMap(proofLines), ...locks.map((lock) => `It is ${lock}`)].join('\n'))
}

/** A record, for a person. */
export function recordLines(record: BackupRecord): string[] {
  const { backupId, startedAt, pipeline, server, engine, schemas, objects, lockedMilliseconds } = record
  const encrypted = record.encryption === 'age' ? ', encrypted by age' : ''
  const bytes = objects.reduce((sum, object) => sum + object.bytes, 0)
  return [
    `Backup ${backupId}, begun at ${startedAt} by the workflow ${pipeline.workflowId} (run ${pipeline.runId})`,
    `MySQL ${server.version}, dumped by ${engine.version}; writes stood still for ${lockedMilliseconds} ms`,
    `GTIDs ${server.gtidExecuted || 'none'}; binary log ${binaryLogText(server.binaryLog)}`,
    ...Object.entries(schemas).map(
      ([name, { tables, rows, characterSet, collation }]) =>
        `Schema ${name}: ${tables} tables, ${rows} rows, ${characterSet}, ${collation}`,
    ),
    `${objects.length} objects, ${prettyBytes(bytes)}, in backup1/${backupId}/ and in backup2/${backupId}/${encrypted}`,
  ]
}

function binaryLogText(position: BackupRecord['server']['binaryLog']): string {
  return position ? `${position.file}, position ${position.position}` : 'none'
}

function proofLines({ provenAt, tableCount, objectCount, differenceCount, differences }: BackupProof): string[] {
  const compared = `${tableCount} tables and ${objectCount} other objects compared`
  if (differenceCount === 0) return [`Restored and found equal at ${provenAt}: ${compared}`]
  return [
    `Restored and found DIFFERENT at ${provenAt}: ${compared}, ${differenceCount} differences`,
    ...differences.map(({ kind, name, what }) => `  the ${kind} ${name} ${what}`),
  ]
}
