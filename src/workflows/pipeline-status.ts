import { ApplicationFailure, isCancellation } from '@temporalio/workflow'
import type { BackupId } from '../domain/names.ts'
import type { PipelinePhase, PipelineProgress } from '../domain/progress.ts'
import type { StepName } from '../domain/steps.ts'
import { rootMessage } from './compensation.ts'
import { currentDetails } from './current-details.ts'
import { Operator } from './operator.ts'
import { PauseGate } from './pause-gate.ts'
import { StepLog } from './step-log.ts'
import type { Outcome, ShownBackup, Visibility } from './visibility.ts'

/** Of a failure, which may have the last lines of a log: its history has all. */
const MEMO_CHARACTERS = 1000

/**
 * Where a pipeline, a restore or a drill stands, for everybody who asks: the query `progress`, Temporal's lists, and its page in
 * the UI.
 */
export class PipelineStatus {
  readonly log: StepLog
  readonly operator = new Operator()
  readonly gate = new PauseGate()
  readonly #visibility: Visibility
  #backupId: BackupId | undefined
  #phase: PipelinePhase = 'running'

  /**
   * @param steps those that it will run, in their order
   * @param shown which backup it is about, as far as that is known
   * @param request what is asked for, in one line
   */
  constructor(steps: readonly StepName[], shown: ShownBackup, request: string, visibility: Visibility) {
    this.#visibility = visibility
    this.#backupId = shown.backupId
    this.log = new StepLog(steps, () => this.#showDetails())
    visibility.begin(shown)
    visibility.showMemo({ request })
    this.gate.obey(() => this.#showDetails())
  }

  /** Which backup is made, or restored; undefined until that is known. */
  get backupId(): BackupId | undefined {
    return this.#backupId
  }

  /** More is known of it. */
  noteBackup(shown: ShownBackup): void {
    this.#backupId = shown.backupId ?? this.#backupId
    this.#visibility.noteBackup(shown)
  }

  /** Stays on the workflow's page when it has ended: what came of it, or why it failed. */
  showMemo(memo: Readonly<Record<string, unknown>>): void {
    this.#visibility.showMemo(memo)
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

  /** @param failure with which the workflow ends */
  enterFailed(failure: unknown): void {
    const cancelled = isCancellation(failure)
    if (!cancelled) this.showMemo({ failure: messageOf(failure).slice(0, MEMO_CHARACTERS) })
    this.enter('failed', cancelled ? 'cancelled' : 'failed')
  }

  enterStep(step: StepName): void {
    this.#visibility.showStep(step)
  }

  #showDetails(): void {
    this.#visibility.showDetails(currentDetails(this.progress()))
  }
}

/** What `failureOf` has written already says which step failed; of others the innermost cause says most. */
function messageOf(failure: unknown): string {
  return failure instanceof ApplicationFailure ? failure.message : rootMessage(failure)
}
