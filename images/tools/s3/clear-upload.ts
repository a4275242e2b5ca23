import type { BackupId } from '../../../src/domain/names.ts'
import { assertNotSealed } from '../catalog/assert-not-sealed.ts'
import { openStore } from '../catalog/open-store.ts'
import type { StepContext } from '../job/run-step.ts'
import { backupPrefix, deleteFolder, measureFolder, remotePath } from './rclone.ts'

/**
 * Deletes what a try before this one has uploaded of another dump: its files may have other names, and none may stay among those of
 * this one.
 *
 * @throws {StepError} `BackupSealed` where it is a backup by now: nothing is touched
 */
export async function clearUpload(bucket: string, backupId: BackupId, context: StepContext): Promise<void> {
  await assertNotSealed(await openStore(bucket), backupId)
  const target = remotePath(bucket, backupPrefix('backup1', backupId))
  const { objects } = await measureFolder(target, context.children)
  if (objects === 0) return
  await deleteFolder(target, context.children)
  context.log(`Deleted ${objects} objects of ${target}, which a try before this one has left.`)
}
