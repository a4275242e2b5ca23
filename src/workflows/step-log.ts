import type { StepReport } from '../domain/backup-result.ts'
import type { BackupId } from '../domain/names.ts'
import type { PipelineProgress, StepProgressView } from '../domain/progress.ts'
import { STEPS, type StepName, type StepResult } from '../domain/steps.ts'

/** What has come of each step so far: what the query `progress` shows and the result reports. */
export class StepLog {
  readonly #views = new Map<StepName, StepProgressView>(STEPS.map((name) => [name, { name, state: 'pending' }]))
  readonly #reports: StepReport[] = []
  #phase: PipelineProgress['phase'] = 'running'

  get reports(): readonly StepReport[] {
    return this.#reports
  }

  progress(backupId: BackupId): PipelineProgress {
    return { backupId, phase: this.#phase, steps: [...this.#views.values()] }
  }

  enter(phase: PipelineProgress['phase']): void {
    this.#phase = phase
  }

  /** Runs a step and notes how it went. */
  async note<Answer>(
    name: StepName,
    run: () => Promise<StepResult<Answer>>,
    summarize: (answer: Answer) => string,
  ): Promise<Answer> {
    const startedAt = Date.now()
    this.#views.set(name, { name, state: 'running', startedAt })
    try {
      const { jobName, attempts, answer } = await run()
      const endedAt = Date.now()
      this.#views.set(name, { name, state: 'done', startedAt, endedAt, jobName, summary: summarize(answer) })
      this.#reports.push({ name, jobName, attempts, seconds: (endedAt - startedAt) / 1000 })
      return answer
    } catch (error) {
      this.#views.set(name, { name, state: 'failed', startedAt, endedAt: Date.now() })
      throw error
    }
  }

  failedStep(): StepName | undefined {
    return [...this.#views.values()].find(({ state }) => state === 'failed')?.name
  }
}
