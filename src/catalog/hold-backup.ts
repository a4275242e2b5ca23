import pLimit from 'p-limit'
import type { BackupId } from '../domain/names.ts'
import { listBackupKeys } from './backup-keys.ts'
import { RecordError } from './catalog.ts'
import { recordKey } from './catalog-keys.ts'
import type { LegalHoldStatus, Store } from './s3-store.ts'

const SET_AT_A_TIME = 8

/**
 * Holds each object of a backup, or releases each. The record, by which Holdfast goes, comes last: a backup that counts as held is held
 * whole, and one whose release was interrupted is still held.
 *
 * @returns how many objects
 * @throws {RecordError} where there is no such backup
 * @throws {ObjectLockMissingError} where the bucket has no Object Lock
 */
export async function setHold(store: Store, backupId: BackupId, status: LegalHoldStatus): Promise<number> {
  const { record, others } = await listBackupKeys(store, backupId)
  if (record === undefined)
    throw new RecordError(`There is no ${recordKey(backupId)}: what has no record is no backup.`)
  const limit = pLimit(SET_AT_A_TIME)
  await Promise.all(others.map((key) => limit(() => store.setLegalHold(key, status))))
  await store.setLegalHold(record, status)
  return others.length + 1
}
