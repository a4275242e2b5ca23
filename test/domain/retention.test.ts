import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { backupIdOf } from '../../src/domain/names.ts'
import { type KeptBackup, planRetention, type RetentionRule, retentionRuleSchema } from '../../src/domain/retention.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

function backup(at: string | number, changes: Partial<KeptBackup> = {}): KeptBackup {
  const startedAt = new Date(at)
  return { backupId: backupIdOf(startedAt, '1a2b3c4d'), startedAt, proven: true, ...changes }
}

function rule(input: object): RetentionRule {
  return retentionRuleSchema().parse({ minimumAgeHours: 0, ...input })
}

/** Which backups stay, oldest first. */
function kept(backups: readonly KeptBackup[], input: object, now: string): string[] {
  return planRetention(backups, rule(input), new Date(now))
    .filter(({ keptFor }) => keptFor.length > 0)
    .map(({ backup }) => backup.startedAt.toISOString())
    .toReversed()
}

function nightly(from: string, nights: number): KeptBackup[] {
  return Array.from({ length: nights }, (_, night) => backup(Date.parse(from) + night * DAY))
}

test('days, weeks, months and years each keep their newest', () => {
  const backups = nightly('2025-11-01T03:00:00Z', 100)
  const days = (input: object) => kept(backups, input, '2026-02-09T00:00:00Z').map((time) => time.slice(0, 10))
  expect(days({ keepLast: 2 })).toEqual(['2026-02-07', '2026-02-08'])
  expect(days({ daily: 3 })).toEqual(['2026-02-06', '2026-02-07', '2026-02-08'])
  // Sundays end a week.
  expect(days({ weekly: 3 })).toEqual(['2026-01-25', '2026-02-01', '2026-02-08'])
  expect(days({ monthly: 3 })).toEqual(['2025-12-31', '2026-01-31', '2026-02-08'])
  expect(days({ yearly: 5 })).toEqual(['2025-12-31', '2026-02-08'])
  expect(days({ maxAgeDays: 2 })).toEqual(['2026-02-07', '2026-02-08'])
  expect(days({ monthly: 12, maxAgeDays: 30 })).toEqual(['2026-01-31', '2026-02-08'])
})

test('days begin where people live', () => {
  const backups = [backup('2026-06-01T21:30:00Z'), backup('2026-06-01T22:30:00Z')]
  expect(kept(backups, { daily: 2, timeZone: 'UTC' }, '2026-06-02T00:00:00Z')).toHaveLength(1)
  // There it was half past eleven, and half past midnight.
  expect(kept(backups, { daily: 2, timeZone: 'Europe/Berlin' }, '2026-06-02T00:00:00Z')).toHaveLength(2)
})

test.each([
  // Clocks go from 3:00 back to 2:00: the hour from 2 to 3 comes twice.
  ['are put back', '2026-10-24T22:00:00Z', 25],
  ['are put forward', '2026-03-28T23:00:00Z', 23],
])('on a day on which clocks %s, each hour is one hour', (_, midnight, hours) => {
  const backups = Array.from({ length: hours }, (_, hour) => backup(Date.parse(midnight) + hour * HOUR))
  const now = new Date(Date.parse(midnight) + hours * HOUR).toISOString()
  expect(kept(backups, { hourly: 30, timeZone: 'Europe/Berlin' }, now)).toHaveLength(hours)
  expect(kept(backups, { daily: 30, timeZone: 'Europe/Berlin' }, now)).toHaveLength(1)
})

test('failed backups take the place of none that is proven', () => {
  const proven = nightly('2026-01-01T03:00:00Z', 3)
  const failed = nightly('2026-01-02T04:00:00Z', 1).map((each) => ({ ...each, proven: false }))
  expect(kept([...proven, ...failed], { keepLast: 3 }, '2026-02-01T00:00:00Z')).toEqual(
    proven.map(({ startedAt }) => startedAt.toISOString()),
  )
})

test('those that came after the last proven one stay', () => {
  const old = backup('2026-01-01T03:00:00Z')
  const since = nightly('2026-01-02T03:00:00Z', 5).map((each) => ({ ...each, proven: false }))
  expect(kept([old, ...since], { maxAgeDays: 1 }, '2026-02-01T00:00:00Z')).toHaveLength(6)
})

test.each([{}, { keepLast: 0 }, { daily: -1 }, { timeZone: 'Europe/Atlantis', daily: 1 }, { dayly: 1 }])(
  '%j is no rule',
  (input) => {
    expect(retentionRuleSchema().safeParse(input).success).toBe(false)
  },
)

const NOW = Date.parse('2026-11-25T12:00:00Z')
const anyBackups = fc
  .uniqueArray(
    fc.record({
      minutes: fc.nat(3 * 365 * 24 * 60),
      proven: fc.boolean(),
      held: fc.boolean(),
    }),
    { selector: ({ minutes }) => minutes, maxLength: 60 },
  )
  .map((all) => all.map(({ minutes, ...each }) => backup(NOW - minutes * 60_000, each)))
const few = fc.nat(6)
const anyRule = fc
  .record({
    keepLast: few,
    hourly: few,
    daily: few,
    weekly: few,
    monthly: few,
    yearly: few,
    maxAgeDays: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined }),
    minimumAgeHours: fc.nat(100),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati'),
  })
  .filter((input) => retentionRuleSchema().safeParse(input).success)
  .map((input) => retentionRuleSchema().parse(input))

test('whatever the calendar and the rule: what must never go stays, and what stays once stays again', () => {
  fc.assert(
    fc.property(anyBackups, anyRule, (backups, rule) => {
      const decisions = planRetention(backups, rule, new Date(NOW))
      const isKept = (each: KeptBackup) =>
        decisions.some(({ backup, keptFor }) => backup === each && keptFor.length > 0)
      const proven = backups
        .filter((each) => each.proven)
        .toSorted((one, other) => Number(other.startedAt) - Number(one.startedAt))

      expect(decisions.map(({ backup }) => backup.backupId).toSorted()).toEqual(
        backups.map(({ backupId }) => backupId).toSorted(),
      )
      expect(proven.slice(0, Math.max(1, rule.maxAgeDays === undefined ? rule.keepLast : 1)).every(isKept)).toBe(true)
      expect(backups.filter((each) => each.held).every(isKept)).toBe(true)
      const young = backups.filter((each) => NOW - Number(each.startedAt) < rule.minimumAgeHours * HOUR)
      expect(young.every(isKept)).toBe(true)

      const survivors = backups.filter(isKept)
      const again = planRetention(survivors, rule, new Date(NOW))
      expect(again.filter(({ keptFor }) => keptFor.length === 0)).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('pruned every night, the last days that had a proven backup still have one', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 20, maxLength: 60 }), (nights) => {
      const daily = rule({ daily: 7 })
      let alive: KeptBackup[] = []
      nights.forEach((proven, night) => {
        const at = NOW + night * DAY
        alive.push(backup(at, { proven }))
        alive = planRetention(alive, daily, new Date(at + HOUR))
          .filter(({ keptFor }) => keptFor.length > 0)
          .map((decision) => decision.backup)
      })
      const expected = nights.flatMap((proven, night) => (proven ? [NOW + night * DAY] : [])).slice(-7)
      const still = new Set(alive.map(({ startedAt }) => Number(startedAt)))
      expect(expected.every((at) => still.has(at))).toBe(true)
    }),
  )
})
