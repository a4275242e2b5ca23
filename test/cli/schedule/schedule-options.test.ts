import { describe, expect, test } from '@jest/globals'
import { catchUpOf, pauseAfterOf } from '../../../src/cli/schedule/policies.ts'
import { backupRequestOf, pruneRequestOf } from '../../../src/cli/schedule/requests.ts'
import { timingOf } from '../../../src/cli/schedule/timing.ts'
import { whenText } from '../../../src/cli/schedule/when-text.ts'

describe('when a schedule is due', () => {
  test('may be cron expressions, each of which is its own comment', () => {
    expect(timingOf({ cron: ['0 2 * * *', '@daily # at midnight'], timeZone: 'Europe/Berlin', jitter: '10m' })).toEqual(
      {
        cronExpressions: ['0 2 * * * # cron 0 2 * * *', '@daily # at midnight'],
        timezone: 'Europe/Berlin',
        jitter: 600_000,
      },
    )
  })

  test.each([
    ['mon-fri', { dayOfWeek: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'] }],
    ['sat-mon', { dayOfWeek: ['SATURDAY', 'SUNDAY', 'MONDAY'] }],
    ['Sunday, wed', { dayOfWeek: ['SUNDAY', 'WEDNESDAY'] }],
    ['1,15', { dayOfMonth: [1, 15] }],
  ])('may be times of day on %s', (on, days) => {
    const comment = (time: string) => `at ${time} on ${on}`
    expect(timingOf({ at: ['02:05', '23:59'], on })).toEqual({
      calendars: [
        { hour: 2, minute: 5, comment: comment('02:05'), ...days },
        { hour: 23, minute: 59, comment: comment('23:59'), ...days },
      ],
    })
  })

  test.each([
    [{}, /Say when/],
    [{ on: 'mon' }, /--on: say at which time/],
    [{ at: ['24:00'] }, /--at: "24:00" is no time of day/],
    [{ at: ['2:00'], on: 'm' }, /--on: "m" is no day/],
    [{ at: ['2:00'], on: 'mon,3' }, /--on: "3" is no day/],
    [{ at: ['2:00'], on: '32' }, /--on: no month has a day 32/],
    [{ at: ['2:00'], timeZone: 'Nowhere' }, /--time-zone: "Nowhere"/],
    [{ at: ['2:00'], jitter: '10' }, /--jitter: "10" is no length of time/],
    [{ at: ['2:00'], jitter: 'soon' }, /--jitter: "soon"/],
  ])('is refused as %j', (options, said) => {
    expect(() => timingOf(options)).toThrow(said)
  })

  test('is told of a schedule that something else has made', () => {
    const all = (start: number, end: number) => [{ start, end, step: 1 }]
    const calendar = {
      second: all(0, 0),
      minute: [{ start: 0, end: 59, step: 15 }],
      hour: all(2, 4),
      dayOfMonth: all(1, 31),
      month: [{ start: 'JANUARY' as const, end: 'DECEMBER' as const, step: 1 }],
      year: [],
      dayOfWeek: [{ start: 'MONDAY' as const, end: 'MONDAY' as const, step: 1 }],
    }
    expect(whenText({ calendars: [calendar], intervals: [{ every: 5_400_000, offset: 0 }], jitter: 1500 })).toBe(
      'seconds 0, cron 0-59/15 2-4 1-31 JANUARY-DECEMBER MONDAY and every 90m, UTC, up to 1500ms later',
    )
  })
})

test.each([
  ['2d', 172_800_000],
  ['90s', 90_000],
  ['1.5h', 5_400_000],
])('what was missed is caught up for %s', (text, milliseconds) => {
  expect(catchUpOf(text)).toBe(milliseconds)
})

test('times and counts that Temporal would change without saying so are refused', () => {
  expect(() => catchUpOf('9s')).toThrow(/--catch-up: is at least 10s/)
  expect(() => pauseAfterOf(1.5)).toThrow(/--pause-after: is a whole number/)
  expect(() => pauseAfterOf(-1)).toThrow(/--pause-after/)
})

describe('what is done each time', () => {
  test('is a backup of what is there, which waits for its database', async () => {
    expect(await backupRequestOf({ namespace: 'shop', schema: ['orders'], accounts: true })).toEqual({
      namespace: 'shop',
      whenBusy: 'wait',
      sampleData: { kind: 'none' },
      schemas: ['orders'],
      accounts: 'include',
    })
  })

  test('may be written as JSON', async () => {
    const request = '{"schemas": ["a"], "whenBusy": "refuse", "onFailure": "ask"}'
    expect(await backupRequestOf({ namespace: 'shop', request })).toMatchObject({
      schemas: ['a'],
      whenBusy: 'refuse',
      onFailure: 'ask',
      sampleData: { kind: 'none' },
    })
  })

  test('is no backup of the data of a demo that nobody has asked for', async () => {
    await expect(backupRequestOf({ namespace: 'shop' })).rejects.toThrow(/--schema shop/)
  })

  test.each(['[1]', '{"a"', '@/nowhere.json'])('is refused as %s', async (request) => {
    await expect(backupRequestOf({ namespace: 'shop', schema: ['a'], request })).rejects.toThrow(/^--request: /)
  })

  test('is a pruning that deletes nothing unless it is told to, by the days of its time zone', async () => {
    const options = { namespace: 'shop', bucket: 'b-1', daily: 7, timeZone: 'Europe/Berlin', hold: [] }
    const rule = { daily: 7, timeZone: 'Europe/Berlin' }
    expect(await pruneRequestOf(options)).toEqual({ namespace: 'shop', bucket: 'b-1', rule, hold: [], mode: 'plan' })
    expect(await pruneRequestOf({ ...options, delete: true })).toMatchObject({ mode: 'delete' })
  })
})
