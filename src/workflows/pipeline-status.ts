import { workflowInfo } from '@temporalio/workflow'
import { type BackupRequest, stepsOf } from '../domain/backup-request.ts'
import { type BackupId, backupIdOf } from '../domain/names.ts'
import type { PipelinePhase, PipelineProgress } from '../domain/progress.ts'
import type { StepName } from '../domain/steps.ts'
import { currentDetails } from './current-details.ts'
import { Operator } from './operator.ts'
import { PauseGate } from './pause-gate.ts'
import { StepLog } from './step-log.ts'
import type { Outcome, Visibility } from './visibility.ts'

/** Where a pipeline stands, for everybody who asks: the query `progress`, Temporal's lists, and its page in the UI. */
export class PipelineStatus {
  readonly backupId: BackupId = backupIdOf(workflowInfo().startTime, workflowInfo().firstExecutionRunId)
  readonly log: StepLog
  readonly operator = new Operator()
  readonly gate: PauseGate
  readonly #visibility: Visibility
  #phase: PipelinePhase = 'running'

  constructor(request: BackupRequest, visibility: Visibility) {
    this.#visibility = visibility
    this.log = new StepLog(stepsOf(request), () => this.#showDetails())
    this.gate = new PauseGate(() => this.#showDetails())
    visibility.begin(request)
  }

  progress(): PipelineProgress {
    const { question } = this.operator
    return {
      backupId: this.backupId,
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
