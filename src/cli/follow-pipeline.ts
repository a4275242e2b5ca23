import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkflowHandle } from '@temporalio/client'
import type { PendingJob, PendingJobs, PipelineProgress, StepProgressView } from '../domain/progress.ts'
import { pendingJobs } from '../temporal/pending-jobs.ts'
import { type PipelineView, pipelineView } from './pipeline-view.ts'
import type { StepView } from './step-text.ts'

const LOOK_MILLISECONDS = 500

/**
 * Follows a pipeline, a restore or a drill to its end, and shows its steps on standard error meanwhile.
 *
 * @throws {WorkflowFailedError}
 */
export async function followToItsEnd<Result>(handle: WorkflowHandle): Promise<Result> {
  const view = pipelineView(process.stderr)
  const end = new AbortController()
  const following = followPipeline(handle, view, end.signal)
  const result: Promise<Result> = handle.result()
  return await result.finally(async () => {
    end.abort()
    await following
    await view.close()
  })
}

/**
 * Shows what becomes of each step: from the pipeline's own query, and from the heartbeats of what it waits for. Looks once
 * more after the end: for how the last one went.
 */
async function followPipeline(handle: WorkflowHandle, view: PipelineView, end: AbortSignal): Promise<void> {
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
