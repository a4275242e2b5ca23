import { isToGo, pruneBackups } from '../../catalog/prune-backups.ts'
import type { RetentionDecision } from '../../domain/retention.ts'
import { columns } from '../columns.ts'
import { print, printJson, say } from '../print.ts'
import { type RetentionOptions, ruleOf } from '../retention-options.ts'
import type { BucketOptions } from './bucket-options.ts'
import { parseBackupId } from './parse-backup-id.ts'
import { withStore } from './with-store.ts'

export interface PruneOptions extends BucketOptions, RetentionOptions {}

/** `holdfast backups prune`: says which backups a rule would delete, and deletes them if told to. */
export async function prune(options: PruneOptions): Promise<void> {
  const rule = ruleOf(options)
  const hold = options.hold.map(parseBackupId)
  const mode = options.delete ? 'delete' : 'plan'
  const decisions = await withStore(options, (store) => pruneBackups(store, rule, hold, mode, new Date()))
  if (options.output === 'json') printJson(decisions.map(({ backup, keptFor }) => ({ ...backup, keptFor })))
  else print(decisionTable(decisions))
  const count = decisions.filter(isToGo).length
  if (count > 0) say(options.delete ? `Deleted ${count} backups.` : 'Nothing was deleted: say --delete to do it.')
}

/** A line for each backup, for a person. */
export function decisionTable(decisions: readonly RetentionDecision[]): string {
  const rows = decisions.map(({ backup, keptFor }) => {
    return [backup.backupId, backup.proven ? 'yes' : 'no', keptFor.join(', ') || 'TO BE DELETED']
  })
  return columns([['backup', 'proven', 'is kept as'], ...rows])
}
