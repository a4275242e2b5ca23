import type { BackupId } from '../domain/names.ts'
import { listBackupKeys } from './backup-keys.ts'
import { readLocks } from './backup-lock.ts'
import { DeletionRefusedError, type Store } from './s3-store.ts'

/**
 * Deletes a backup: its record first, so that what an interruption leaves is no backup, and is swept.
 *
 * @returns how many objects were deleted
 * @throws {DeletionRefusedError} if it is locked, or S3 does not let an object go. If that is the record, nothing was deleted
 */
export async function deleteBackup(store: Store, backupId: BackupId, now: Date): Promise<number> {
  const locks = await readLocks(store, backupId, now)
  if (locks.length > 0) throw locked(backupId, locks)
  const { record, others } = await listBackupKeys(store, backupId)
  const records = record === undefined ? [] : [record]
  await store.delete(records)
  await store.delete(others)
  return records.length + others.length
}

function locked(backupId: BackupId, locks: readonly string[]): DeletionRefusedError {
  const what = `The backup ${backupId} is ${locks.join(' and ')}: nothing of it was deleted.`
  const remedy = `Delete it when that is over; \`holdfast backups release ${backupId}\` ends a hold.`
  return new DeletionRefusedError(`${what} ${remedy}`)
}
