import { ActivityFailure, ApplicationFailure, isCancellation, patched } from '@temporalio/workflow'
import type { PipelineFailureDetails } from '../domain/backup-result.ts'
import { rootMessage, type Undone } from './compensation.ts'
import { CANCELLED_NOT_UNDONE } from './patches.ts'
import type { PipelineStatus } from './pipeline-status.ts'
import { DecidedFailure } from './step-runner.ts'

/**
 * The failure with which a pipeline ends: it names the step, says why, and has what was taken back in its details. A
 * cancelled pipeline ends as cancelled, which has no details: so only where everything was taken back.
 */
export function failureOf(error: unknown, { backupId, log }: PipelineStatus, undone: Undone): unknown {
  const cancelled = isCancellation(error)
  if (cancelled && (undone.notUndone.length === 0 || !patched(CANCELLED_NOT_UNDONE))) return error
  const failedStep = log.failedStep()
  const decision = error instanceof DecidedFailure ? error.decision : undefined
  const details: PipelineFailureDetails = {
    backupId,
    steps: log.reports,
    ...undone,
    ...(failedStep && { failedStep }),
    ...(decision && { decision }),
  }
  const cause = causeOf(error)
  const why = cancelled
    ? `The pipeline was cancelled, and not all that it made could be taken back: ${undone.notUndone.map(notUndoneText).join('; ')}`
    : `${failedStep === undefined ? '' : `The step ${failedStep} failed. `}${rootMessage(error)}${decidedText(decision)}`
  return ApplicationFailure.create({
    message: why,
    type: cancelled ? 'CancelledNotUndone' : failureType(error),
    nonRetryable: true,
    details: [details],
    ...(cause && { cause }),
  })
}

function notUndoneText({ name, why }: Undone['notUndone'][number]): string {
  return `${name} failed: ${why}`
}

function decidedText(decision: DecidedFailure['decision'] | undefined): string {
  switch (decision) {
    case 'keep':
      return '\nAn operator had everything kept as it is, to be looked at.'
    case 'nobodyAnswered':
      return '\nNobody decided in time what to do.'
    default:
      return ''
  }
}

/** Why the step failed that an operator was asked about, or that nobody was asked about. */
function causeOf(error: unknown): Error | undefined {
  const cause = error instanceof DecidedFailure ? error.cause : error
  return cause instanceof Error ? cause : undefined
}

/** What a failure is called: by the step's program, the diagnosis of its Job, or the pipeline itself. */
export function failureType(error: unknown): string {
  const cause = causeOf(error)
  const inner = cause instanceof ActivityFailure ? cause.cause : cause
  return inner instanceof ApplicationFailure && inner.type ? inner.type : 'StepFailed'
}
