import * as Plot from '@observablehq/plot'
import { draw, type PlotWords } from './draw.ts'

/** A number at a time. */
export interface Point {
  readonly at: Date
  readonly value: number
}

/** Numbers that are shown together, by what they are. */
export interface Series {
  /** `first` or `second`: a colour and a kind of line of the style sheet's. */
  readonly look: 'first' | 'second'
  /** By time. */
  readonly points: readonly Point[]
}

/** Up to so many points each is drawn by itself, so that a single one is seen. */
const MOST_DOTS = 12

const WIDTH = 350
const HEIGHT = 165

/** How an axis tells its numbers. */
export interface Axis {
  /** What is 1 on it: of minutes, 60. */
  readonly unit: number
  /** @param value in units */
  readonly textOf: (value: number) => string
}

/** How numbers go over time, from zero up. */
export function seriesPlot(series: readonly Series[], { unit, textOf }: Axis, words: PlotWords): string {
  const transform = (value: number) => value / unit
  const channels = { x: 'at', y: 'value' }
  const marks = series.flatMap(({ look, points }) => [
    Plot.lineY(points, { ...channels, className: `line-${look}` }),
    ...(points.length <= MOST_DOTS ? [Plot.dot(points, { ...channels, r: 2, className: `dot-${look}` })] : []),
  ])
  const options: Plot.PlotOptions = {
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 58,
    marginRight: 10,
    marginTop: 8,
    marginBottom: 34,
    x: { type: 'utc', label: null, ticks: 4, tickSize: 3 },
    y: { label: null, ticks: 4, tickSize: 3, zero: true, nice: true, grid: true, tickFormat: textOf, transform },
    marks,
  }
  return draw(options, words)
}
