import { log } from '@temporalio/workflow'
import type { StepReport } from '../domain/backup-result.ts'
import type { StepProgressView } from '../domain/progress.ts'
import type { StepName, StepResult } from '../domain/steps.ts'
import { rootMessage } from './compensation.ts'
import { countStep } from './metrics.ts'

/** What has come of each step so far: what the query `progress` shows and the result reports. */
export class StepLog {
  readonly #views: Map<StepName, StepProgressView>
  readonly #reports: StepReport[] = []
  readonly #onChange: () => void

  /**
   * @param steps those that will run, in their order
   * @param onChange called after each change of a step's state
   */
  constructor(steps: readonly StepName[], onChange: () => void) {
    this.#views = new Map(steps.map((name) => [name, { name, state: 'pending' }]))
    this.#onChange = onChange
  }

  get reports(): readonly StepReport[] {
    return this.#reports
  }

  get views(): readonly StepProgressView[] {
    return [...this.#views.values()]
  }

  /** Runs a step and notes how it went. @param round how often an operator has had it run once more */
  async note<Answer>(
    name: StepName,
    round: number,
    run: () => Promise<StepResult<Answer>>,
    summarize: (answer: Answer) => string,
  ): Promise<Answer> {
    const startedAt = Date.now()
    const view = { name, startedAt, ...(round > 0 && { round }) }
    this.#show({ ...view, state: 'running' })
    try {
      const { jobName, attempts, answer } = await run()
      const endedAt = Date.now()
      const seconds = (endedAt - startedAt) / 1000
      this.#reports.push({ name, jobName, attempts, seconds })
      countStep(name, 'done', seconds)
      log.info('A step is done', { step: name, jobName, attempts, seconds })
      this.#show({ ...view, state: 'done', endedAt, jobName, attempts, summary: summarize(answer) })
      return answer
    } catch (error) {
      const endedAt = Date.now()
      const seconds = (endedAt - startedAt) / 1000
      const why = firstLine(rootMessage(error))
      countStep(name, 'failed', seconds)
      log.warn('A step failed', { step: name, seconds, why })
      this.#show({ ...view, state: 'failed', endedAt, why })
      throw error
    }
  }

  failedStep(): StepName | undefined {
    return this.views.find(({ state }) => state === 'failed')?.name
  }

  #show(view: StepProgressView): void {
    this.#views.set(view.name, view)
    this.#onChange()
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
