import prettyBytes from 'pretty-bytes'
import type { Axis, Series } from './series-plot.ts'

export const BYTES: Axis = { unit: 1, textOf: (value) => prettyBytes(value) }

const HOURS: Axis = { unit: 3600, textOf: (value) => `${value} h` }
const MINUTES: Axis = { unit: 60, textOf: (value) => `${value} min` }
const SECONDS: Axis = { unit: 1, textOf: (value) => `${value} s` }

/** The largest of hours, minutes and seconds of which the longest of them has two. @param series in seconds */
export function durationAxis(series: readonly Series[]): Axis {
  const most = series.flatMap(({ points }) => points).reduce((max, { value }) => Math.max(max, value), 0)
  return [HOURS, MINUTES].find(({ unit }) => most >= 2 * unit) ?? SECONDS
}
