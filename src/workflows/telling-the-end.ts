import { ApplicationFailure, isCancellation, TemporalFailure, workflowInfo } from '@temporalio/workflow'
import { pipelineFailureDetailsSchema } from '../domain/backup-result.ts'
import { type HappeningOf, WHY_CHARACTERS } from '../domain/notification.ts'
import { failureCountSchema } from '../domain/schedule-settings.ts'
import { announce } from './announce.ts'
import { rootMessage } from './compensation.ts'
import { failureType } from './pipeline-failure.ts'

/** What is told of a proven backup, but for the time that it took. */
export type Proof = Omit<HappeningOf<'proven'>, 'event' | 'seconds'>

/**
 * Runs a workflow, and has told how it ended: that it failed, or what it proved. That is the last thing it does: whatever it held is released
 * by then, so nobody waits. One that was cancelled is not told of, since somebody wanted it so.
 *
 * @param proofOf what a result proves, where it proves a backup
 */
export async function tellingTheEnd<Result>(
  work: () => Promise<Result>,
  proofOf?: (result: Result) => Proof,
): Promise<Result> {
  const result = await tellingFailure(work)
  if (proofOf) {
    const seconds = (Date.now() - workflowInfo().startTime.getTime()) / 1000
    await announce({ event: 'proven', ...proofOf(result), seconds })
  }
  return result
}

async function tellingFailure<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    // What is no failure of Temporal's fails the task, not the workflow: it is tried again.
    if (error instanceof TemporalFailure && !isCancellation(error)) await announce(failedBy(error))
    throw error
  }
}

function failedBy(error: TemporalFailure): HappeningOf<'failed'> {
  const own = error instanceof ApplicationFailure ? error : undefined
  const all = own?.details ?? []
  const [details] = all.flatMap((each) => pipelineFailureDetailsSchema().safeParse(each).data ?? [])
  const [count] = all.flatMap((each) => failureCountSchema().safeParse(each).data ?? [])
  return {
    event: 'failed',
    type: own?.type ?? failureType(error),
    why: (own ? own.message : rootMessage(error)).slice(0, WHY_CHARACTERS),
    ...(details?.failedStep && { step: details.failedStep }),
    undone: details?.undone ?? [],
    notUndone: (details?.notUndone ?? []).map(({ name, why }) => ({ name, why: why.slice(0, WHY_CHARACTERS) })),
    kept: details?.kept ?? [],
    ...count,
  }
}
