import { CancellationScope, patched, proxyLocalActivities } from '@temporalio/workflow'
import type { PipelineProgress } from '../domain/progress.ts'
import type { ProgressActivities } from '../domain/step-inputs.ts'
import { PROGRESS_WITH_JOBS } from './patches.ts'

// Local: one event of the history each time somebody asks, and no detour by the task queue.
const { readPendingJobs } = proxyLocalActivities<ProgressActivities>({
  startToCloseTimeout: '5 seconds',
  scheduleToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 2 },
  summary: 'Somebody asks how far the steps are',
})

/** The same with how far each step is that runs, as far as that can be had: whoever asks gets an answer in any case. */
export async function withPendingJobs(progress: () => PipelineProgress): Promise<PipelineProgress> {
  if (!patched(PROGRESS_WITH_JOBS)) return progress()
  const pending = await CancellationScope.nonCancellable(() => readPendingJobs()).catch(() => undefined)
  // Only now: a step may have ended meanwhile.
  const { steps, ...rest } = progress()
  return {
    ...rest,
    steps: steps.map((step) => {
      const job = step.state === 'running' ? pending?.[step.name] : undefined
      return job ? { ...step, pending: job } : step
    }),
  }
}
