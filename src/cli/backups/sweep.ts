import prettyBytes from 'pretty-bytes'
import { deleteBackup } from '../../catalog/delete-backup.ts'
import { findGarbage } from '../../catalog/find-garbage.ts'
import { print, printJson, say } from '../print.ts'
import type { BucketOptions } from './bucket-options.ts'
import { withStore } from './with-store.ts'

export interface SweepOptions extends BucketOptions {
  readonly minimumAgeHours: number
  readonly delete?: boolean
}

/** `holdfast backups sweep`: finds what broken runs have left, and deletes it if told to. */
export async function sweep(options: SweepOptions): Promise<void> {
  const garbage = await withStore(options, async (store) => {
    const now = new Date()
    const found = await findGarbage(store, options.minimumAgeHours, now)
    if (options.delete) for (const { backupId } of found) await deleteBackup(store, backupId, now)
    return found
  })
  if (options.output === 'json') printJson({ garbage, deleted: options.delete ?? false })
  else
    for (const { backupId, objects, bytes } of garbage) print(`${backupId}: ${objects} objects, ${prettyBytes(bytes)}`)
  if (garbage.length > 0 && !options.delete) say('Nothing was deleted: say --delete to do it.')
}
