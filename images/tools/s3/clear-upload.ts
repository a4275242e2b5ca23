import type { BackupId } from '../../../src/domain/names.ts'
import { assertNotSealed } from '../catalog/assert-not-sealed.ts'
import { asStep, openStore } from '../catalog/open-store.ts'
import type { StepContext } from '../job/run-step.ts'
import { backupPrefix } from './rclone.ts'

/**
 * Deletes what a try before this one has uploaded of another dump: its files may have other names, and none may stay among those of
 * this one.
 *
 * @throws {StepError} `BackupSealed` where it is a backup by now: nothing is touched
 */
export async function clearUpload(bucket: string, backupId: BackupId, context: StepContext): Promise<void> {
  const store = await openStore(bucket)
  await assertNotSealed(store, backupId)
  const prefix = backupPrefix('backup1', backupId)
  const keys: string[] = []
  await asStep(`Clearing ${prefix}`, async () => {
    for await (const { key } of store.list(prefix)) keys.push(key)
    await store.delete(keys)
  })
  if (keys.length > 0) context.log(`Deleted ${keys.length} objects of ${prefix}, which a try before this one has left.`)
}
