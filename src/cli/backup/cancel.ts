import { asWord } from '../as-word.ts'
import { followToItsEnd } from '../follow-pipeline.ts'
import { untilInterrupted } from '../interruption.ts'
import { print, printJson, say } from '../print.ts'
import { withTemporal } from '../with-temporal.ts'
import { failureOf, sayFailure, takenBackText } from '../workflow-failure.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { type FoundPipeline, findRunning } from './pipelines.ts'

export interface CancelOptions extends PipelineOptions {
  readonly wait: boolean
}

/**
 * `holdfast backup cancel`: ends a pipeline, a restore or a drill, and says what was taken back.
 *
 * @throws {Error} where it ended well before it was cancelled
 */
export async function cancel(workflowId: string, { runId, wait, output }: CancelOptions): Promise<void> {
  await withTemporal(async (client) => {
    const found = await findRunning(client, { workflowId, runId })
    await found.handle.cancel()
    say(`${workflowId} is to end, and takes back what it made.`)
    if (wait) return await reportEnd(found, output)
    if (output === 'json') printJson({ workflowId, runId: found.runId })
    say(howToFollow(workflowId))
  })
}

async function reportEnd({ handle, workflowId, runId }: FoundPipeline, output: 'table' | 'json'): Promise<void> {
  const failure = await untilInterrupted(failureOf(followToItsEnd(handle), handle), howToFollow(workflowId))
  if (!failure) throw new Error(`${workflowId} ended well before it was cancelled: nothing was taken back.`)
  const { outcome, message, details } = failure
  if (output === 'json') printJson({ workflowId, runId, outcome, message, ...details })
  if (outcome === 'cancelled' && details?.notUndone.length === 0) {
    if (output === 'table') print(`${workflowId} was cancelled. ${takenBackText(details)}`)
    return
  }
  process.exitCode = 1
  sayFailure(failure)
}

function howToFollow(workflowId: string): string {
  return `It goes on taking back. To follow it: holdfast backup watch ${asWord(workflowId)}`
}
