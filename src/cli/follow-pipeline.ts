import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkflowHandle } from '@temporalio/client'
import type { PendingJob, PendingJobs, PipelineProgress, StepProgressView } from '../domain/progress.ts'
import { pendingJobs } from '../temporal/pending-jobs.ts'
import type { PipelineView } from './pipeline-view.ts'
import type { StepView } from './step-text.ts'

const LOOK_MILLISECONDS = 500

/**
 * Shows what becomes of each step: from the pipeline's own query, and from the heartbeats of what it waits for. Looks once
 * more after the end: for how the last one went.
 */
export async function followPipeline(handle: WorkflowHandle, view: PipelineView, end: AbortSignal): Promise<void> {
  for (;;) {
    const isLastLook = end.aborted
    // The worker may be starting, or the pipeline may have been refused: then there is nothing to show.
    const progress = await handle.query<PipelineProgress>('progress').catch(() => undefined)
    const pending = await pendingJobs(handle).catch((): PendingJobs => ({}))
    view.show((progress?.steps ?? []).map((step) => withPending(step, pending[step.name])))
    if (isLastLook) return
    await sleep(LOOK_MILLISECONDS, undefined, { signal: end }).catch(() => undefined)
  }
}

function withPending(step: StepProgressView, pending: PendingJob | undefined): StepView {
  return pending ? { step, pending } : { step }
}
