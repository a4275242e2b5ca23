import { setHold } from '../../catalog/hold-backup.ts'
import { printJson, say } from '../print.ts'
import type { BucketOptions } from './bucket-options.ts'
import { parseBackupId } from './parse-backup-id.ts'
import { withStore } from './with-store.ts'

/** `holdfast backups release`: ends what `backups hold` began. What S3 retains by the bucket's own rule stays retained. */
export async function release(id: string, options: BucketOptions): Promise<void> {
  const backupId = parseBackupId(id)
  const objects = await withStore(options, (store) => setHold(store, backupId, 'OFF'))
  if (options.output === 'json') printJson({ backupId, objects })
  else say(`Released ${backupId}: ${objects} objects.`)
}
