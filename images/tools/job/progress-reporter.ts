import type { StepProgress } from '../../../src/domain/step-answers.ts'
import { Pace } from './pace.ts'

const INTERVAL_MILLISECONDS = 1_000

export type Progress = StepProgress['progress']

/** Prints what a step has done so far and how fast, at most once a second, and only what changed. */
export class ProgressReporter {
  readonly #print: (line: string) => void
  readonly #now: () => number
  readonly #pace = new Pace()
  #last = ''
  #lastAt = Number.NEGATIVE_INFINITY

  /** @param now milliseconds of a clock that never goes back */
  constructor(print: (line: string) => void, now: () => number = () => performance.now()) {
    this.#print = print
    this.#now = now
  }

  report(progress: Progress): void {
    const now = this.#now()
    if (now - this.#lastAt < INTERVAL_MILLISECONDS) return
    const done = bounded(progress)
    const what = JSON.stringify(rounded(done))
    if (what === this.#last) return
    this.#last = what
    this.#lastAt = now
    // The pace before the rounding: a tenth of a percent may be an hour.
    this.#print(JSON.stringify({ progress: rounded(this.#pace.note(done, now)) } satisfies StepProgress))
  }

  /** Reports what `measure` says, each second, until `work` is done. What it throws is of no interest: the work decides. */
  async during<Result>(work: Promise<Result>, measure: () => Progress | Promise<Progress>): Promise<Result> {
    let measuring = false
    const timer = setInterval(async () => {
      if (measuring) return
      measuring = true
      try {
        this.report(await measure())
      } catch {
        // The next second tries again.
      }
      measuring = false
    }, INTERVAL_MILLISECONDS)
    try {
      return await work
    } finally {
      clearInterval(timer)
    }
  }
}

function bounded(progress: Progress): Progress {
  const { percent, ...others } = progress
  return percent === undefined ? others : { ...others, percent: Math.min(100, Math.max(0, percent)) }
}

function rounded(progress: Progress): Progress {
  const { percent, ...others } = progress
  return percent === undefined ? others : { ...others, percent: Math.round(percent) }
}
