import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow'
import type { PipelineFailureDetails } from '../domain/backup-result.ts'
import { rootMessage, type Undone } from './compensation.ts'
import type { PipelineStatus } from './pipeline-status.ts'
import { DecidedFailure } from './step-runner.ts'

/**
 * The failure with which a pipeline ends: it names the step, says why, and has what was taken back in its details. A
 * cancelled pipeline ends as cancelled.
 */
export function failureOf(error: unknown, { backupId, log }: PipelineStatus, undone: Undone): unknown {
  if (isCancellation(error)) return error
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
  return ApplicationFailure.create({
    message: `The step ${failedStep} failed. ${rootMessage(error)}${decidedText(decision)}`,
    type: failureType(cause),
    nonRetryable: true,
    details: [details],
    ...(cause instanceof Error && { cause }),
  })
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
