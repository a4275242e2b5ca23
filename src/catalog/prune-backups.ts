import type { BackupId } from '../domain/names.ts'
import { planRetention, type RetentionDecision, type RetentionRule } from '../domain/retention.ts'
import { listBackups } from './catalog.ts'
import { deleteBackup } from './delete-backup.ts'
import type { Store } from './s3-store.ts'

/** Whether backups are deleted, or only said to be. */
export type PruneMode = 'plan' | 'delete'

/**
 * Decides by rule which backups of a bucket stay, and deletes the others if told to, the oldest first.
 *
 * @param hold backups that somebody wants kept
 * @returns a decision for each backup, newest first
 */
export async function pruneBackups(
  store: Store,
  rule: RetentionRule,
  hold: readonly BackupId[],
  mode: PruneMode,
  now: Date,
): Promise<RetentionDecision[]> {
  const backups = (await listBackups(store)).map(({ backupId, startedAt, lastProof }) => {
    return { backupId, startedAt, proven: lastProof?.result === 'equal', held: hold.includes(backupId) }
  })
  const decisions = planRetention(backups, rule, now)
  if (mode === 'plan') return decisions
  for (const { backup } of decisions.filter(isToGo).toReversed()) await deleteBackup(store, backup.backupId)
  return decisions
}

/** Whether nothing keeps a backup. */
export function isToGo({ keptFor }: RetentionDecision): boolean {
  return keptFor.length === 0
}
