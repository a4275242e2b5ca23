import { setHold } from '../../catalog/hold-backup.ts'
import { printJson, say } from '../print.ts'
import type { BucketOptions } from './bucket-options.ts'
import { parseBackupId } from './parse-backup-id.ts'
import { withStore } from './with-store.ts'

/** `holdfast backups hold`: holds every object of a backup (S3's legal hold), so that nothing deletes it until it is released. */
export async function hold(id: string, options: BucketOptions): Promise<void> {
  const backupId = parseBackupId(id)
  const objects = await withStore(options, (store) => setHold(store, backupId, 'ON'))
  if (options.output === 'json') printJson({ backupId, objects })
  else say(`Held ${backupId}: ${objects} objects.`)
}
