import { asWord } from '../as-word.ts'
import { printJson, say } from '../print.ts'
import { withTemporal } from '../with-temporal.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { findRunning } from './pipelines.ts'

/** `holdfast backup pause`: has a pipeline wait before its next step. */
export async function pause(workflowId: string, options: PipelineOptions): Promise<void> {
  await send('pause', workflowId, options)
  say(`${workflowId} waits before its next step. Go on: holdfast backup resume ${asWord(workflowId)}`)
}

/** `holdfast backup resume`: ends what `pause` began. */
export async function resume(workflowId: string, options: PipelineOptions): Promise<void> {
  await send('resume', workflowId, options)
  say(`${workflowId} goes on.`)
}

async function send(signal: 'pause' | 'resume', workflowId: string, { runId, output }: PipelineOptions): Promise<void> {
  await withTemporal(async (client) => {
    const found = await findRunning(client, { workflowId, runId })
    await found.handle.signal(signal)
    if (output === 'json') printJson({ workflowId, runId: found.runId, signal })
  })
}
