import { defaultPayloadConverter, type WorkflowHandle } from '@temporalio/client'
import { type FollowedJob, followedJobSchema } from '../domain/followed-job.ts'

/** A step's activity that has not ended, as Temporal knows it. */
export interface PendingJob {
  /** How often the activity has been tried, this time included. */
  readonly attempt: number
  /** What its last heartbeat said; absent before the first. */
  readonly job?: FollowedJob
  /** Why the attempt before this one failed. */
  readonly lastFailure?: string
}

/** The pending activities of a workflow by the name of their type, each with what its heartbeat says of its Job. */
export async function pendingJobs(handle: WorkflowHandle): Promise<ReadonlyMap<string, PendingJob>> {
  const { raw } = await handle.describe()
  const pending = (raw.pendingActivities ?? []).map(({ activityType, attempt, heartbeatDetails, lastFailure }) => {
    const payload = heartbeatDetails?.payloads?.[0]
    const details: unknown = payload ? defaultPayloadConverter.fromPayload(payload) : undefined
    const job = followedJobSchema.safeParse(details).data
    const said = lastFailure?.message
    return [
      activityType?.name ?? '',
      { attempt: attempt ?? 1, ...(job && { job }), ...(said && { lastFailure: said }) },
    ] as const
  })
  return new Map(pending)
}
