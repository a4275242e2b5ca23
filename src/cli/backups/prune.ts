import { isToGo, pruneBackups } from '../../catalog/prune-backups.ts'
import { type RetentionDecision, type RetentionRule, retentionRuleSchema } from '../../domain/retention.ts'
import { columns } from '../columns.ts'
import { InputError } from '../input-error.ts'
import { print, printJson, say } from '../print.ts'
import type { BucketOptions } from './bucket-options.ts'
import { parseBackupId } from './parse-backup-id.ts'
import { withStore } from './with-store.ts'

/** The options of a rule stand beside those of the bucket, by the rule's own names. */
export interface PruneOptions extends BucketOptions {
  readonly delete?: boolean
  /** Backup ids that are to be kept. */
  readonly hold: readonly string[]
}

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

/** @throws {InputError} naming what is wrong */
function ruleOf(options: PruneOptions): RetentionRule {
  const { bucket: _bucket, pathStyle: _pathStyle, output: _output, hold: _hold, delete: _delete, ...input } = options
  const parsed = retentionRuleSchema.safeParse(input)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'rule'}: ${message}.`)
  throw new InputError(lines.join('\n'))
}

/** A line for each backup, for a person. */
export function decisionTable(decisions: readonly RetentionDecision[]): string {
  const rows = decisions.map(({ backup, keptFor }) => {
    return [backup.backupId, backup.proven ? 'yes' : 'no', keptFor.join(', ') || 'TO BE DELETED']
  })
  return columns([['backup', 'proven', 'is kept as'], ...rows])
}
