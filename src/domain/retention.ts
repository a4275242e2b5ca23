import { once } from 'es-toolkit/function/once'
import { z } from 'zod'
import type { BackupId } from './names.ts'
import { isTimeZone } from './time-zone.ts'

const count = z.int().min(0).max(10_000)

/** Which backups are kept. What no rule keeps is to be deleted, but for what is never deleted: {@link planRetention}. */
export const retentionRuleSchema = once(() =>
  z
    .strictObject({
      /** The newest so many. */
      keepLast: count.default(0),
      /** The newest of each of the last so many hours that have one. */
      hourly: count.default(0),
      /** The same by days, and so on. Weeks begin on Monday. */
      daily: count.default(0),
      weekly: count.default(0),
      monthly: count.default(0),
      yearly: count.default(0),
      /** None is kept by a rule that is older. Alone, it keeps all that are younger. */
      maxAgeDays: z.number().positive().optional(),
      /** What is younger is not deleted, whatever the rules say. */
      minimumAgeHours: z.number().min(0).default(24),
      /** In which days, weeks, months and years begin: a name of the IANA time zone database. */
      timeZone: z.string().refine(isTimeZone, 'is no time zone').default('UTC'),
    })
    .refine(
      (rule) => PERIODS.some((period) => rule[period] > 0) || rule.keepLast > 0 || rule.maxAgeDays !== undefined,
      {
        message: 'a rule that keeps nothing would delete all: say how many to keep, or for how long',
      },
    ),
)
export type RetentionRule = z.infer<ReturnType<typeof retentionRuleSchema>>

/** What counts for keeping a backup. */
export interface KeptBackup {
  readonly backupId: BackupId
  readonly startedAt: Date
  /** The last time that it was restored, it was found equal. */
  readonly proven: boolean
  /** Somebody wants it kept. */
  readonly held?: boolean
}

/** What becomes of a backup, and why. */
export interface RetentionDecision {
  readonly backup: KeptBackup
  /** Why it stays; empty where it is to be deleted. */
  readonly keptFor: readonly string[]
}

const PERIODS = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const
type Period = (typeof PERIODS)[number]

const HOUR_MILLISECONDS = 3_600_000
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS

/**
 * Decides which backups stay. Only proven ones are counted by the rules, so that none that cannot be relied on takes the place of one
 * that can. Never deleted are the last proven backup, those that are younger than it and may yet be proven, those younger than the
 * minimum age, and those that are held.
 *
 * @returns a decision for each backup, newest first
 */
export function planRetention(backups: readonly KeptBackup[], rule: RetentionRule, now: Date): RetentionDecision[] {
  const newestFirst = backups.toSorted((one, other) => other.startedAt.getTime() - one.startedAt.getTime())
  const reasons = new Map<KeptBackup, string[]>(newestFirst.map((backup) => [backup, []]))
  const keep = (backup: KeptBackup, why: string) => reasons.get(backup)?.push(why)

  const proven = newestFirst.filter((backup) => backup.proven)
  const [lastProven] = proven
  if (lastProven) keep(lastProven, 'the last proven one')
  for (const backup of newestFirst) {
    if (backup.held) keep(backup, 'held')
    if (ageOf(backup, now) < rule.minimumAgeHours * HOUR_MILLISECONDS) keep(backup, 'younger than the minimum age')
    if (!backup.proven && isYounger(backup, lastProven)) keep(backup, 'younger than the last proven one')
  }
  const countable = proven.filter((backup) => isYoungEnough(backup, rule, now))
  for (const [backup, why] of keptByRule(countable, rule)) keep(backup, why)
  return newestFirst.map((backup) => ({ backup, keptFor: reasons.get(backup) ?? [] }))
}

function* keptByRule(newestFirst: readonly KeptBackup[], rule: RetentionRule): Generator<[KeptBackup, string]> {
  const hasCounts = rule.keepLast > 0 || PERIODS.some((period) => rule[period] > 0)
  if (!hasCounts) for (const backup of newestFirst) yield [backup, 'younger than the maximum age']
  for (const backup of newestFirst.slice(0, rule.keepLast)) yield [backup, 'keepLast']
  const calendar = calendarOf(rule.timeZone)
  for (const period of PERIODS) {
    const seen = new Set<string>()
    for (const backup of newestFirst) {
      if (seen.size >= rule[period]) break
      const key = periodOf(backup.startedAt, period, calendar)
      if (seen.has(key)) continue
      seen.add(key)
      yield [backup, period]
    }
  }
}

/** Names the hour, the day and so on in which something happened. */
function periodOf(at: Date, period: Period, calendar: Intl.DateTimeFormat): string {
  // Hours are counted, not read from a clock: on the day on which clocks are put back, one comes twice.
  if (period === 'hourly') return String(Math.floor(at.getTime() / HOUR_MILLISECONDS))
  const [year = 0, month = 0, day = 0] = calendar.format(at).split('-').map(Number)
  switch (period) {
    case 'daily':
      return `${year}-${month}-${day}`
    case 'weekly':
      // 1 January 1970 was a Thursday.
      return String(Math.floor((Date.UTC(year, month - 1, day) / DAY_MILLISECONDS + 3) / 7))
    case 'monthly':
      return `${year}-${month}`
    case 'yearly':
      return String(year)
  }
}

/** Writes days as 2026-01-31. One serves for all backups: each takes 36 kB. */
function calendarOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
}

function ageOf({ startedAt }: KeptBackup, now: Date): number {
  return now.getTime() - startedAt.getTime()
}

function isYounger(backup: KeptBackup, other: KeptBackup | undefined): boolean {
  return other === undefined || backup.startedAt > other.startedAt
}

function isYoungEnough(backup: KeptBackup, { maxAgeDays }: RetentionRule, now: Date): boolean {
  return maxAgeDays === undefined || ageOf(backup, now) <= maxAgeDays * DAY_MILLISECONDS
}
