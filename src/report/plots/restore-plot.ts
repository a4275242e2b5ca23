import type { Restore } from '../model/restores.ts'
import { durationAxis } from './axes.ts'
import { seriesPlot } from './series-plot.ts'

/** What drills and restores took, over time. @param restores newest first */
export function restorePlot(restores: readonly Restore[], id: string): string {
  const pointsOf = (kind: Restore['kind']) =>
    restores
      .flatMap(({ kind: each, at, took }) => (each === kind && took ? [{ at, value: took.seconds }] : []))
      .toReversed()
  const series = [
    { look: 'first', points: pointsOf('drill') },
    { look: 'second', points: pointsOf('restore') },
  ] as const
  return seriesPlot(series, durationAxis(series), {
    id,
    title: 'Time to restore, over time',
    description: 'The table below has each of them.',
  })
}
