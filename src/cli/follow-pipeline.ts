import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkflowHandle } from '@temporalio/client'
import type { PipelineProgress, StepProgressView } from '../domain/progress.ts'

const LOOK_MILLISECONDS = 500

/** Says what becomes of each step, from the pipeline's own query. Looks once more after the end: for how the last one went. */
export async function followPipeline(
  handle: WorkflowHandle,
  say: (line: string) => void,
  end: AbortSignal,
): Promise<void> {
  const said = new Map<string, string>()
  for (;;) {
    const isLastLook = end.aborted
    // The worker may be starting, or the pipeline may have been refused: then there is nothing to show.
    const progress = await handle.query<PipelineProgress>('progress').catch(() => undefined)
    for (const step of progress?.steps ?? []) {
      if (step.state === 'pending' || said.get(step.name) === step.state) continue
      said.set(step.name, step.state)
      say(stepLine(step))
    }
    if (isLastLook) return
    await sleep(LOOK_MILLISECONDS, undefined, { signal: end }).catch(() => undefined)
  }
}

/** One line about a step: its name, its state, how long it took and what came of it. */
export function stepLine({ name, state, startedAt, endedAt, summary }: StepProgressView): string {
  const seconds =
    startedAt === undefined || endedAt === undefined ? '' : ` ${((endedAt - startedAt) / 1000).toFixed(1)} s`
  return `${name.padEnd(15)} ${state}${seconds}${summary === undefined ? '' : `: ${summary}`}`
}
