import type { BackupId } from '../../domain/names.ts'
import { planRetention, type RetentionDecision } from '../../domain/retention.ts'
import type { CatalogBackup, NamedRule } from '../report-facts.ts'
import { proofStateOf } from './proofs.ts'

/** Each backup lies so often in its bucket. */
export const COPIES = 2

/** Backups, and what both copies of them take. */
export interface Space {
  readonly backups: number
  readonly bytes: number
}

/** What one reason of a rule keeps. */
export interface KeptSpace {
  /** As {@link planRetention} says it: `daily`, `held`. */
  readonly reason: string
  readonly kept: Space
  /** Of these, what nothing else keeps. */
  readonly only: Space
}

/** What a rule makes of a bucket. */
export interface RuleSpace {
  readonly name: string
  readonly reasons: readonly KeptSpace[]
  readonly kept: Space
  readonly toGo: Space
}

/** What a rule keeps, by its reasons, the largest first. What S3 locks is not known here, and counts as to be deleted. */
export function spaceByRule(backups: readonly CatalogBackup[], { name, rule, hold }: NamedRule, now: Date): RuleSpace {
  const bytes = new Map<BackupId, number>(backups.map((each) => [each.backupId, each.bytes * COPIES]))
  const candidates = backups.map(({ backupId, startedAt, proofs }) => {
    return { backupId, startedAt, proven: proofStateOf({ proofs }) === 'proven', held: hold.includes(backupId) }
  })
  const decisions = planRetention(candidates, rule, now)
  const spaceOf = (some: readonly RetentionDecision[]): Space => ({
    backups: some.length,
    bytes: some.reduce((sum, { backup }) => sum + (bytes.get(backup.backupId) ?? 0), 0),
  })
  const reasons = [...new Set(decisions.flatMap(({ keptFor }) => keptFor))].map((reason) => {
    const kept = decisions.filter(({ keptFor }) => keptFor.includes(reason))
    return { reason, kept: spaceOf(kept), only: spaceOf(kept.filter(({ keptFor }) => keptFor.length === 1)) }
  })
  return {
    name,
    reasons: reasons.toSorted((one, other) => other.kept.bytes - one.kept.bytes),
    kept: spaceOf(decisions.filter(({ keptFor }) => keptFor.length > 0)),
    toGo: spaceOf(decisions.filter(({ keptFor }) => keptFor.length === 0)),
  }
}
