import { findDamage } from '../../catalog/find-damage.ts'
import { print, printJson, say } from '../print.ts'
import type { BucketOptions } from './bucket-options.ts'
import { parseBackupId } from './parse-backup-id.ts'
import { withStore } from './with-store.ts'

export interface VerifyOptions extends BucketOptions {
  readonly quick?: boolean
}

/**
 * `holdfast backups verify`: whether both copies of a backup are as they were written. Nothing is restored.
 *
 * @throws {Error} if they are not
 */
export async function verify(id: string, options: VerifyOptions): Promise<void> {
  const backupId = parseBackupId(id)
  const damages = await withStore(options, (store) =>
    findDamage(store, backupId, options.quick ? 'listing' : 'contents'),
  )
  if (options.output === 'json') printJson({ backupId, damages })
  else for (const damage of damages) print(damage)
  if (damages.length > 0) throw new Error(`The backup ${backupId} is damaged. Do not rely on it.`)
  say(`Both copies of ${backupId} are as they were written.`)
}
