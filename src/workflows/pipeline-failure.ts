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
  const cause = error instanceof DecidedFailure ? error.cause : error
  const why = cancelled
    ? `The pipeline was cancelled, and not all that it made could be taken back: ${undone.notUndone.map(notUndoneText).join('; ')}`
    : `${failedStep === undefined ? '' : `The step ${failedStep} failed. `}${rootMessage(error)}${decidedText(decision)}`
  return ApplicationFailure.create({
    message: why,
    type: cancelled ? 'CancelledNotUndone' : failureType(cause),
    nonRetryable: true,
    details: [details],
    ...(cause instanceof Error && { cause }),
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

function failureType(cause: unknown): string {
  const inner = cause instanceof ActivityFailure ? cause.cause : cause
  return inner instanceof ApplicationFailure && inner.type ? inner.type : 'StepFailed'
}
