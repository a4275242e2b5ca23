import type { BackupId } from '../domain/names.ts'
import { recordKey } from './catalog-keys.ts'
import type { Store } from './s3-store.ts'

/**
 * Reads what S3's Object Lock says of a backup's record, which goes for all of the backup. It has to be asked for: in a bucket with
 * versions, S3 lets everybody who may delete objects hide those that are locked.
 *
 * @returns why the backup must stay, each in words that go on where "it is" ends; empty where nothing locks it, or where it has no record
 */
export async function readLocks(store: Store, backupId: BackupId, now: Date): Promise<string[]> {
  const lock = await store.readLock(recordKey(backupId))
  if (!lock) return []
  const { retainedUntil, isHeld } = lock
  return [
    ...(retainedUntil && retainedUntil > now ? [`locked until ${retainedUntil.toISOString()}`] : []),
    ...(isHeld ? ['under a legal hold'] : []),
  ]
}
