import type { CalendarSpec, DayOfWeek, ScheduleSpec } from '@temporalio/client'
import { isTimeZone } from '../../domain/time-zone.ts'
import { InputError } from '../input-error.ts'
import { parseDuration } from './durations.ts'
import type { TimingOptions } from './timing-options.ts'

const WEEK: readonly DayOfWeek[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']
const LAST_DAY_OF_A_MONTH = 31

/** Whether any of them was given. */
export function saysWhen({ cron, at }: TimingOptions): boolean {
  return cron !== undefined || at !== undefined
}

/**
 * What Temporal is told of the times. The comment of each is how a person wrote it.
 *
 * @throws {InputError} naming the option that is wrong; whether a cron expression is one, Temporal decides
 */
export function timingOf(options: TimingOptions): ScheduleSpec {
  const { cron, at, on, timeZone, jitter } = options
  if (on !== undefined && at === undefined) throw new InputError('--on: say at which time, as in --at 02:00.')
  if (!saysWhen(options)) throw new InputError("Say when: --cron '0 2 * * *', or --at 02:00 (with --on mon-fri).")
  return {
    ...(cron && { cronExpressions: cron.map((each) => (each.includes('#') ? each : `${each} # cron ${each}`)) }),
    ...(at && { calendars: at.map((time) => calendarOf(time, on)) }),
    ...zoneAndJitter({ timeZone, jitter }),
  }
}

/** Of a change that leaves the times as they are. @throws {InputError} */
export function zoneAndJitter({ timeZone, jitter }: { timeZone?: string | undefined; jitter?: string | undefined }) {
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw new InputError(`--time-zone: "${timeZone}" is no time zone, such as Europe/Berlin.`)
  }
  return {
    ...(timeZone !== undefined && { timezone: timeZone }),
    ...(jitter !== undefined && { jitter: parseDuration('--jitter', jitter) }),
  }
}

function calendarOf(time: string, on: string | undefined): CalendarSpec {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time) ?? []
  if (hour === undefined) throw new InputError(`--at: "${time}" is no time of day, such as 02:00.`)
  const comment = on === undefined ? `at ${time}` : `at ${time} on ${on}`
  return { hour: Number(hour), minute: Number(minute), comment, ...(on !== undefined && daysOf(on)) }
}

/** Days of the week, or of the month: both at once would mean those that are both. */
function daysOf(on: string): Pick<CalendarSpec, 'dayOfWeek' | 'dayOfMonth'> {
  const parts = on.split(',').map((part) => part.trim())
  if (parts.every((part) => /^\d+$/.test(part))) return { dayOfMonth: parts.map(dayOfMonth) }
  return { dayOfWeek: parts.flatMap(daysOfWeek) }
}

function dayOfMonth(text: string): number {
  const day = Number(text)
  if (day < 1 || day > LAST_DAY_OF_A_MONTH) throw new InputError(`--on: no month has a day ${text}.`)
  return day
}

/** `sat-mon` goes over the end of the week. */
function daysOfWeek(part: string): DayOfWeek[] {
  const [first = '', last = first] = part.split('-')
  const [from, to] = [indexOf(first), indexOf(last)]
  const count = ((to - from + WEEK.length) % WEEK.length) + 1
  return Array.from({ length: count }, (_, step) => WEEK[(from + step) % WEEK.length] ?? 'MONDAY')
}

function indexOf(name: string): number {
  const index = name.length < 3 ? -1 : WEEK.findIndex((day) => day.toLowerCase().startsWith(name.toLowerCase()))
  if (index < 0) throw new InputError(`--on: "${name}" is no day, such as mon, or a number from 1 to 31.`)
  return index
}
