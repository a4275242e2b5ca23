import type { StepProgress } from '../../../src/domain/step-answers.ts'

const INTERVAL_MILLISECONDS = 1_000

export type Progress = StepProgress['progress']

/** Prints what a step has done so far, at most once a second, and only what changed. */
export class ProgressReporter {
  readonly #print: (line: string) => void
  readonly #now: () => number
  #lastLine = ''
  #lastAt = Number.NEGATIVE_INFINITY

  /** @param now milliseconds of a clock that never goes back */
  constructor(print: (line: string) => void, now: () => number = () => performance.now()) {
    this.#print = print
    this.#now = now
  }

  report(progress: Progress): void {
    if (this.#now() - this.#lastAt < INTERVAL_MILLISECONDS) return
    const line = JSON.stringify({ progress: rounded(progress) } satisfies StepProgress)
    if (line === this.#lastLine) return
    this.#lastLine = line
    this.#lastAt = this.#now()
    this.#print(line)
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

function rounded(progress: Progress): Progress {
  const { percent, ...others } = progress
  return percent === undefined ? others : { ...others, percent: Math.min(100, Math.max(0, Math.round(percent))) }
}
