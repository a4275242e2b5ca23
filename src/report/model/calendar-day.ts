const DAY_MILLISECONDS = 86_400_000

/** A day as 2026-01-31, which sorts by time. */
export type CalendarDay = string

/** Tells on which day something happened. One serves for all: each takes 36 kB. */
export function calendarDays(timeZone: string): (at: Date) => CalendarDay {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return (at) => format.format(at)
}

/** The days from one to another, both included. */
export function daysBetween(first: CalendarDay, last: CalendarDay): CalendarDay[] {
  const days: CalendarDay[] = []
  for (let at = midnight(first); at <= midnight(last); at += DAY_MILLISECONDS) days.push(dayOf(at))
  return days
}

/** @param days may be negative */
export function daysLater(day: CalendarDay, days: number): CalendarDay {
  return dayOf(midnight(day) + days * DAY_MILLISECONDS)
}

/** 0: Monday. */
export function weekdayOf(day: CalendarDay): number {
  return (new Date(midnight(day)).getUTCDay() + 6) % 7
}

/** The Monday of its week. */
export function weekOf(day: CalendarDay): CalendarDay {
  return daysLater(day, -weekdayOf(day))
}

function midnight(day: CalendarDay): number {
  return Date.parse(`${day}T00:00:00Z`)
}

function dayOf(milliseconds: number): CalendarDay {
  return new Date(milliseconds).toISOString().slice(0, '2026-01-31'.length)
}
