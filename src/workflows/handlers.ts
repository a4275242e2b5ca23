import { allHandlersFinished, CancellationScope, condition, setHandler } from '@temporalio/workflow'
import { progressQuery, progressUpdate } from './messages.ts'
import { withPendingJobs } from './pending-jobs.ts'
import type { PipelineStatus } from './pipeline-status.ts'

/** Has the query and the update `progress` answered. */
export function answerProgress(status: PipelineStatus): void {
  setHandler(progressQuery, () => status.progress())
  setHandler(progressUpdate, async () => await withPendingJobs(() => status.progress()))
}

/** Runs a workflow to its end, and has whoever has asked for something answered before it ends. */
export async function answeringAll<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } finally {
    await CancellationScope.nonCancellable(async () => await condition(allHandlersFinished))
  }
}
