import { deleteBackup } from '../../catalog/delete-backup.ts'
import { InputError } from '../input-error.ts'
import { printJson, say } from '../print.ts'
import type { BucketOptions } from './bucket-options.ts'
import { parseBackupId } from './parse-backup-id.ts'
import { withStore } from './with-store.ts'

export interface DeleteOptions extends BucketOptions {
  readonly yes?: boolean
}

/**
 * `holdfast backups delete`: deletes one backup, whatever any rule says.
 *
 * @throws {DeletionRefusedError} where it is locked
 * @throws {Error} where there is nothing to delete
 */
export async function deleteOne(id: string, options: DeleteOptions): Promise<void> {
  const backupId = parseBackupId(id)
  if (!options.yes) throw new InputError(`${backupId} would be deleted, with both copies. Say --yes to do it.`)
  const objects = await withStore(options, (store) => deleteBackup(store, backupId, new Date()))
  if (objects === 0) throw new Error(`There is nothing of a backup ${backupId} in ${options.bucket}.`)
  if (options.output === 'json') printJson({ backupId, objects })
  else say(`Deleted ${backupId}: ${objects} objects.`)
}
