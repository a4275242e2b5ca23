import { defaultPayloadConverter, type WorkflowExecutionDescription, type WorkflowHandle } from '@temporalio/client'
import { followedJobSchema } from '../domain/followed-job.ts'
import type { PendingJobs } from '../domain/progress.ts'

/** What a workflow waits for: its pending activities, each with what its heartbeat says of its Job. */
export async function pendingJobs(handle: Pick<WorkflowHandle, 'describe'>): Promise<PendingJobs> {
  const { raw } = await handle.describe()
  return pendingJobsOf(raw.pendingActivities)
}

/** The same of a workflow that has been described. */
export function pendingJobsOf(activities: WorkflowExecutionDescription['raw']['pendingActivities']): PendingJobs {
  const pending = (activities ?? []).map(({ activityType, attempt, heartbeatDetails, lastFailure }) => {
    const payload = heartbeatDetails?.payloads?.[0]
    const details: unknown = payload ? defaultPayloadConverter.fromPayload(payload) : undefined
    const job = followedJobSchema().safeParse(details).data
    const said = lastFailure?.message
    return [
      activityType?.name ?? '',
      { attempt: attempt ?? 1, ...(job && { job }), ...(said && { lastFailure: said }) },
    ] as const
  })
  return Object.fromEntries(pending)
}
