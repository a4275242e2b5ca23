import type { BackupRecord } from '../domain/backup-record.ts'
import type { BackupId } from '../domain/names.ts'
import { listBackups, readRecord } from './catalog.ts'
import type { Store } from './s3-store.ts'

/** Which backup somebody wants. */
export interface WantedBackup {
  readonly backup: BackupId | 'latest'
  /** The namespace whose pipelines made it. Only `latest` asks for it: who names a backup means that one. */
  readonly backupOf: string
  /** Which it must hold. */
  readonly schemas: readonly string[]
}

/** No backup is as it is wanted. */
export class NoSuchBackupError extends Error {
  override readonly name = 'NoSuchBackupError'
}

/**
 * Finds a backup by its id, or the latest that is proven: whose last restore was found equal. The records of newer ones that are not
 * of this database are read, those of unproven ones are not.
 *
 * @throws {NoSuchBackupError}
 * @throws {RecordError} if a record on the way cannot be relied on: an older backup is never taken in silence for one that is damaged
 */
export async function findBackup(store: Store, wanted: WantedBackup): Promise<BackupRecord> {
  if (wanted.backup !== 'latest') {
    const record = await readRecord(store, wanted.backup)
    const missing = wanted.schemas.find((schema) => !holds(record, schema))
    if (missing === undefined) return record
    throw new NoSuchBackupError(
      `The backup ${wanted.backup} holds no schema ${missing}, but ${Object.keys(record.schemas).join(', ')}.`,
    )
  }
  for (const { backupId, lastProof } of await listBackups(store)) {
    if (lastProof?.result !== 'equal') continue
    const record = await readRecord(store, backupId)
    if (record.request.namespace === wanted.backupOf && wanted.schemas.every((schema) => holds(record, schema))) {
      return record
    }
  }
  const schemas = wanted.schemas.length === 0 ? '' : ` that holds ${wanted.schemas.join(', ')}`
  throw new NoSuchBackupError(`There is no proven backup of the database in ${wanted.backupOf}${schemas}.`)
}

function holds({ schemas }: BackupRecord, schema: string): boolean {
  return Object.hasOwn(schemas, schema)
}
