import * as Plot from '@observablehq/plot'
import { type CalendarDay, daysLater, weekdayOf, weekOf } from '../model/calendar-day.ts'
import type { Night, NightState } from '../model/nights.ts'
import { draw } from './draw.ts'

/** Columns of a calendar: half a year, which a phone has room for. */
const WEEKS = 27
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

const WIDTH = 350
const HEIGHT = 124

/** Stands in the cell of a night, so that it is told by more than its colour. */
export const NIGHT_SIGNS: Readonly<Record<NightState, string>> = {
  proven: '',
  different: '≠',
  unproven: '?',
  failed: '×',
  missing: '·',
}

/**
 * A calendar of nights: a column for each week, a row for each day of it.
 *
 * @param today the last day of the last column's week is in its week
 * @param weeksAgo how many weeks before that the last column is
 */
export function calendarPlot(
  nights: readonly Night[],
  today: CalendarDay,
  { id, weeksAgo }: { readonly id: string; readonly weeksAgo: number },
): string {
  const weeks = Array.from({ length: WEEKS }, (_, index) =>
    daysLater(weekOf(today), -7 * (weeksAgo + WEEKS - 1 - index)),
  )
  const shown = nights.filter(({ day }) => weeks.includes(weekOf(day)))
  const marks = [...Map.groupBy(shown, ({ state }) => state)].flatMap(([state, of]) => marksOf(of, state))
  const options: Plot.PlotOptions = {
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 30,
    marginRight: 0,
    marginTop: 2,
    marginBottom: 22,
    padding: 0,
    x: { domain: weeks, tickSize: 0, label: null, ticks: weeks.filter(beginsMonth), tickFormat: monthName },
    y: {
      domain: [0, 1, 2, 3, 4, 5, 6],
      tickSize: 0,
      label: null,
      ticks: [0, 2, 4, 6],
      tickFormat: (day: number) => WEEKDAYS[day],
    },
    marks,
  }
  return draw(options, {
    id,
    title: `Calendar of nights, weeks from ${weeks[0]} to ${weeks.at(-1)}`,
    description: descriptionOf(shown),
  })
}

/** Nights of one state. What is not as it should be says its day under the pointer. */
function marksOf(nights: readonly Night[], state: NightState): Plot.Markish[] {
  const place = { x: ({ day }: Night) => weekOf(day), y: ({ day }: Night) => weekdayOf(day) }
  const cells = { ...place, inset: 0.5, className: `night-${state}` }
  const signs = { ...place, text: () => NIGHT_SIGNS[state] }
  switch (state) {
    case 'proven':
      return [Plot.cell(nights, cells)]
    case 'missing':
      return [Plot.text(nights, { ...signs, className: `night-${state}` })]
    default:
      return [
        Plot.cell(nights, { ...cells, title: ({ day }: Night) => `${day}: ${state}` }),
        Plot.text(nights, { ...signs, className: 'night-sign' }),
      ]
  }
}

/** How many weeks back a second calendar has to go; undefined where the first one has room for all nights. */
export function weeksOfEarlierCalendar(nights: readonly Night[], today: CalendarDay): number | undefined {
  const [first] = nights
  return first && first.day < daysLater(weekOf(today), -7 * (WEEKS - 1)) ? WEEKS : undefined
}

function beginsMonth(week: CalendarDay): boolean {
  return Number(daysLater(week, 6).slice(-2)) <= 7
}

function monthName(week: CalendarDay): string {
  return new Date(`${daysLater(week, 6)}T00:00:00Z`).toLocaleString('en', { month: 'short', timeZone: 'UTC' })
}

function descriptionOf(nights: readonly Night[]): string {
  const counts = Map.groupBy(nights, ({ state }) => state)
  const parts = [...counts].map(([state, of]) => `${of.length} ${state}`)
  return `Of ${nights.length} nights: ${parts.join(', ')}. The table of months has the same.`
}
