import { InputError } from '../input-error.ts'
import { print, printJson } from '../print.ts'
import { withTemporal } from '../with-temporal.ts'
import { listPipelines, listText } from './list-pipelines.ts'
import type { OUTCOMES } from './outcomes.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { readState, stateText } from './pipeline-state.ts'
import { findPipeline } from './pipelines.ts'

export interface StatusOptions extends PipelineOptions {
  readonly outcome?: (typeof OUTCOMES)[number]
  readonly limit: number
}

/** `holdfast backup status`: which pipelines, restores and drills there are, or where one stands. */
export async function status(workflowId: string | undefined, options: StatusOptions): Promise<void> {
  const { runId, output, outcome, limit } = options
  if (!Number.isInteger(limit) || limit < 1) throw new InputError('--limit: is no number of pipelines.')
  await withTemporal(async (client) => {
    if (workflowId === undefined) {
      const pipelines = await listPipelines(client, { outcome, limit })
      if (output === 'json') printJson(pipelines)
      else print(listText(pipelines))
      return
    }
    const found = await readState(await findPipeline(client, { workflowId, runId }))
    if (output === 'json') printJson(found)
    else print(stateText(found))
  })
}
