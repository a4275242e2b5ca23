import type { BackupId } from '../domain/names.ts'
import type { PipelinePhase, PipelineProgress } from '../domain/progress.ts'
import type { StepName } from '../domain/steps.ts'
import { currentDetails } from './current-details.ts'
import { Operator } from './operator.ts'
import { PauseGate } from './pause-gate.ts'
import { StepLog } from './step-log.ts'
import type { Database, Outcome, Visibility } from './visibility.ts'

/**
 * Where a pipeline, a restore or a drill stands, for everybody who asks: the query `progress`, Temporal's lists, and its page in
 * the UI.
 */
export class PipelineStatus {
  readonly log: StepLog
  readonly operator = new Operator()
  readonly gate: PauseGate
  readonly #visibility: Visibility
  #backupId: BackupId | undefined
  #phase: PipelinePhase = 'running'

  /** @param steps those that it will run, in their order */
  constructor(steps: readonly StepName[], database: Database, visibility: Visibility) {
    this.#visibility = visibility
    this.log = new StepLog(steps, () => this.#showDetails())
    this.gate = new PauseGate(() => this.#showDetails())
    visibility.begin(database)
  }

  /** Which backup is made, or restored; undefined until that is known. */
  get backupId(): BackupId | undefined {
    return this.#backupId
  }

  set backupId(backupId: BackupId) {
    this.#backupId = backupId
  }

  progress(): PipelineProgress {
    const { question } = this.operator
    return {
      ...(this.#backupId && { backupId: this.#backupId }),
      phase: this.#phase,
      paused: this.gate.paused,
      ...(question && { question }),
      steps: this.log.views,
    }
  }

  /** @param outcome how it shows in lists; absent where it shows there as before */
  enter(phase: PipelinePhase, outcome?: Outcome): void {
    this.#phase = phase
    if (outcome) this.#visibility.showOutcome(outcome)
    this.#showDetails()
  }

  enterStep(step: StepName): void {
    this.#visibility.showStep(step)
  }

  #showDetails(): void {
    this.#visibility.showDetails(currentDetails(this.progress()))
  }
}
