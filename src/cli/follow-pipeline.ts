import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkflowHandle } from '@temporalio/client'
import type { PendingJobs, PipelineProgress, StepProgressView } from '../domain/progress.ts'
import { pendingJobsOf } from '../temporal/pending-jobs.ts'
import { type PipelineView, pipelineView } from './pipeline-view.ts'
import { say } from './print.ts'

const LOOK_MILLISECONDS = 500
/** A worker that runs answers at once. */
const ANSWER_MILLISECONDS = 5000
/** A worker that was just started is not missed yet. */
const SILENCE_MILLISECONDS = 8000

/**
 * Follows a pipeline, a restore or a drill to its end, and shows its steps on standard error meanwhile.
 *
 * @throws {WorkflowFailedError}
 */
export async function followToItsEnd<Result>(handle: WorkflowHandle): Promise<Result> {
  const view = await pipelineView(process.stderr, handle.workflowId)
  const end = new AbortController()
  const following = followPipeline(handle, view, end.signal)
  const result: Promise<Result> = handle.result()
  return await result.finally(async () => {
    end.abort()
    await following
    view.close()
  })
}

/** What the workflow said of itself, and when that was. */
interface Look {
  readonly historyLength: number
  readonly progress: PipelineProgress
}

/**
 * Shows what becomes of each step: from the pipeline's own query, and from the heartbeats of what it waits for. Looks once
 * more after the end: for how the last one went.
 */
async function followPipeline(handle: WorkflowHandle, view: PipelineView, end: AbortSignal): Promise<void> {
  const begin = performance.now()
  let isMissed = false
  let last: Look | undefined
  for (;;) {
    const isLastLook = end.aborted
    try {
      const { raw, historyLength, taskQueue } = await handle.describe()
      last = await lookOnceMore(handle, historyLength, last)
      if (last) view.show(withPending(last.progress, pendingJobsOf(raw.pendingActivities)))
      if (!last && !isMissed && !isLastLook && performance.now() - begin > SILENCE_MILLISECONDS) {
        isMissed = true
        say(`No worker has answered yet on the task queue ${taskQueue}. Does one run?`)
      }
    } catch {
      // Temporal is away: the next look may find it, and the result is waited for in any case.
    }
    if (isLastLook) return
    await sleep(LOOK_MILLISECONDS, undefined, { signal: end }).catch(() => undefined)
  }
}

/** Asks the workflow itself only where something has happened to it since: each query is work for a worker. */
async function lookOnceMore(
  handle: WorkflowHandle,
  historyLength: number,
  last: Look | undefined,
): Promise<Look | undefined> {
  if (last && historyLength > 0 && last.historyLength === historyLength) return last
  const progress = await readProgress(handle)
  return progress ? { historyLength, progress } : last
}

/** Where a pipeline stands, in its own words; undefined where no worker answers for it, or it was refused. */
export async function readProgress(handle: WorkflowHandle): Promise<PipelineProgress | undefined> {
  const deadline = Date.now() + ANSWER_MILLISECONDS
  return await handle.client
    .withDeadline(deadline, () => handle.query<PipelineProgress>('progress'))
    .catch(() => undefined)
}

/** The same, with how far each step is that runs. */
export function withPending({ steps, ...progress }: PipelineProgress, pending: PendingJobs): PipelineProgress {
  return { ...progress, steps: steps.map((step) => ({ ...step, ...pendingOf(step, pending) })) }
}

function pendingOf({ name, state }: StepProgressView, pending: PendingJobs): Pick<StepProgressView, 'pending'> {
  const job = state === 'running' ? pending[name] : undefined
  return job ? { pending: job } : {}
}
