import pLimit from 'p-limit'
import type { BackupId } from '../domain/names.ts'
import { planRetention, type RetentionDecision, type RetentionRule } from '../domain/retention.ts'
import { readLocks } from './backup-lock.ts'
import { listBackups } from './catalog.ts'
import { deleteBackup } from './delete-backup.ts'
import type { Store } from './s3-store.ts'

/** Backups of whose locks S3 is asked at a time. */
const ASKED_AT_A_TIME = 16

/** Whether backups are deleted, or only said to be. */
export type PruneMode = 'plan' | 'delete'

/**
 * Decides by rule which backups of a bucket stay, and deletes the others if told to, the oldest first. What is locked stays.
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
  const decisions = await keepLocked(store, planRetention(backups, rule, now), now)
  if (mode === 'plan') return decisions
  for (const { backup } of decisions.filter(isToGo).toReversed()) await deleteBackup(store, backup.backupId, now)
  return decisions
}

/** Asks only of those that would be deleted, a request for each, and of none in a bucket without Object Lock. */
async function keepLocked(
  store: Store,
  decisions: readonly RetentionDecision[],
  now: Date,
): Promise<RetentionDecision[]> {
  if (!decisions.some(isToGo) || !(await store.mayLock())) return [...decisions]
  const limit = pLimit(ASKED_AT_A_TIME)
  return await Promise.all(
    decisions.map(async (decision) => {
      if (!isToGo(decision)) return decision
      return { ...decision, keptFor: await limit(() => readLocks(store, decision.backup.backupId, now)) }
    }),
  )
}

/** Whether nothing keeps a backup. */
export function isToGo({ keptFor }: RetentionDecision): boolean {
  return keptFor.length === 0
}
