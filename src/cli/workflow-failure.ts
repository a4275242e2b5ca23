import { ApplicationFailure, type WorkflowFailedError } from '@temporalio/client'
import { type PipelineFailureDetails, pipelineFailureDetailsSchema } from '../domain/backup-result.ts'
import { say } from './print.ts'

/** Why a pipeline, a restore or a drill failed, and what of it was taken back. */
export interface WorkflowFailure {
  readonly message: string
  /** Absent where it ended without being able to say. */
  readonly details: PipelineFailureDetails | undefined
}

export function readFailure(error: WorkflowFailedError): WorkflowFailure {
  const failure = error.cause instanceof ApplicationFailure ? error.cause : undefined
  const message = failure?.message ?? error.cause?.message ?? error.message
  return { message, details: pipelineFailureDetailsSchema.safeParse(failure?.details?.[0]).data }
}

/** For a person. */
export function sayFailure(message: string, details: PipelineFailureDetails | undefined): void {
  say(message)
  if (details) say(`Taken back: ${details.undone.join(', ') || 'nothing'}.`)
  for (const { name, why } of details?.notUndone ?? []) say(`Could not be taken back: ${name}: ${why}`)
}
