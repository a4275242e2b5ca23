import { ApplicationFailure, proxyActivities } from '@temporalio/workflow'
import { z } from 'zod'
import { pruneRequestSchema } from '../domain/prune-request.ts'
import type { PruneBackupsAnswer } from '../domain/step-answers.ts'
import type { PruneActivities } from '../domain/step-inputs.ts'

const MAXIMUM_TRIES = 5

const { pruneBackups } = proxyActivities<PruneActivities>({
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '30 seconds',
  retry: { maximumInterval: '5 minutes' },
  summary: 'pruneBackups',
})

/**
 * Deletes the backups of a bucket that no rule keeps, each with its record first. A try after one that was interrupted deletes what
 * is left of the same.
 *
 * @param input a `PruneRequest`; unless it says `"mode": "delete"`, nothing is deleted
 * @throws {ApplicationFailure} `InvalidRequest`, or the Job's own failure
 */
export async function PruneBackups(input: unknown): Promise<PruneBackupsAnswer> {
  const request = pruneRequestSchema.safeParse(input)
  if (!request.success) throw ApplicationFailure.nonRetryable(z.prettifyError(request.error), 'InvalidRequest')
  const { answer } = await pruneBackups({ ...request.data, maximumTries: MAXIMUM_TRIES })
  return answer
}
