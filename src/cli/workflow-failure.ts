import { ApplicationFailure, CancelledFailure, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client'
import { type PipelineFailureDetails, pipelineFailureDetailsSchema } from '../domain/backup-result.ts'
import { complain } from './print.ts'
import { type Undone, undoneIn } from './undone-in.ts'

/** Why a pipeline, a restore or a drill did not end well, and what of it was taken back. */
export interface WorkflowFailure {
  readonly outcome: 'failed' | 'cancelled'
  readonly message: string
  /** Absent where it ended without being able to say. */
  readonly details: (Undone & Partial<PipelineFailureDetails>) | undefined
}

/** @param handle of the workflow that has failed: one that was cancelled ends without a word, and its history is asked */
export async function readFailure(error: WorkflowFailedError, handle: WorkflowHandle): Promise<WorkflowFailure> {
  if (error.cause instanceof CancelledFailure) {
    const { events } = await handle.fetchHistory()
    return { outcome: 'cancelled', message: 'It was cancelled.', details: undoneIn(events ?? []) }
  }
  const failure = error.cause instanceof ApplicationFailure ? error.cause : undefined
  return {
    outcome: 'failed',
    message: failure?.message ?? error.cause?.message ?? error.message,
    details: pipelineFailureDetailsSchema().safeParse(failure?.details?.[0]).data,
  }
}

/** How a workflow ended that is waited for; undefined where it ended well. */
export async function failureOf(
  waiting: Promise<unknown>,
  handle: WorkflowHandle,
): Promise<WorkflowFailure | undefined> {
  try {
    await waiting
    return undefined
  } catch (error) {
    if (error instanceof WorkflowFailedError) return await readFailure(error, handle)
    throw error
  }
}

/** For a person. */
export function sayFailure({ message, details }: WorkflowFailure): void {
  complain(message)
  if (details) complain(takenBackText(details))
  for (const { name, why } of details?.notUndone ?? []) complain(`Could not be taken back: ${name}: ${why}`)
}

export function takenBackText({
  undone,
  kept = [],
}: Undone & { readonly kept?: readonly string[] | undefined }): string {
  const left = kept.length > 0 ? ` Left as it is, to be looked at: what ${kept.join(', ')} would take back.` : ''
  return `Taken back: ${undone.join(', ') || 'nothing'}.${left}`
}
