import type { StepProgress } from '../../../src/domain/step-answers.ts'

type Progress = StepProgress['progress']

/** How far back a pace looks: long enough to be steady, short enough to notice that a network has become slow. */
const WINDOW_MILLISECONDS = 15_000

interface Point {
  readonly at: number
  readonly progress: Progress
}

/** How fast a step goes, from its own last reports. */
export class Pace {
  #points: Point[] = []

  /**
   * Notes a report.
   *
   * @param at milliseconds of a clock that never goes back
   * @returns the report with how fast it went since the first one in the window, and how long the rest will take at that pace
   */
  note(progress: Progress, at: number): Progress {
    const last = this.#points.at(-1)
    // Another part of the work has begun: what came before says nothing about it.
    if (last && isBehind(progress, last.progress)) this.#points = []
    this.#points = [...this.#points.filter((point) => at - point.at <= WINDOW_MILLISECONDS), { at, progress }]
    const first = this.#points[0]
    if (!first || first.at === at) return progress
    const seconds = (at - first.at) / 1000
    return { ...progress, ...speeds(first.progress, progress, seconds) }
  }
}

function isBehind(progress: Progress, before: Progress): boolean {
  return (['percent', 'bytes', 'rows'] as const).some((key) => (progress[key] ?? 0) < (before[key] ?? 0))
}

function speeds(from: Progress, to: Progress, seconds: number): Progress {
  const perSecond = (key: 'percent' | 'bytes' | 'rows') => ((to[key] ?? 0) - (from[key] ?? 0)) / seconds
  const percentPerSecond = perSecond('percent')
  return {
    ...(to.bytes !== undefined && { bytesPerSecond: Math.round(perSecond('bytes')) }),
    ...(to.rows !== undefined && { rowsPerSecond: Math.round(perSecond('rows')) }),
    ...(to.percent !== undefined &&
      percentPerSecond > 0 && { secondsLeft: Math.ceil((100 - to.percent) / percentPerSecond) }),
  }
}
