import { activityInfo, getClient } from '@temporalio/activity'
import type { ProgressActivities } from '../domain/step-inputs.ts'
import { pendingJobs } from '../temporal/pending-jobs.ts'

/** Asks Temporal what the activities of the pipeline that asks said of their Jobs last: a workflow cannot see heartbeats. */
export function createReadPendingJobs(): ProgressActivities['readPendingJobs'] {
  return async () => {
    const { workflowId, runId } = activityInfo().workflowExecution ?? { workflowId: '' }
    return await pendingJobs(getClient().workflow.getHandle(workflowId, runId))
  }
}
