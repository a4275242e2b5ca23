import { followAndReport } from '../follow-and-report.ts'
import { howToGoOn } from '../how-to-go-on.ts'
import { untilInterrupted } from '../interruption.ts'
import { withTemporal } from '../with-temporal.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { findPipeline } from './pipelines.ts'

/** `holdfast backup watch`: follows a pipeline, a restore or a drill to its end, or says how one ended. */
export async function watch(workflowId: string, { runId, output }: PipelineOptions): Promise<void> {
  await withTemporal(async (client) => {
    const found = await findPipeline(client, { workflowId, runId })
    await untilInterrupted(followAndReport(found, output), howToGoOn(workflowId))
  })
}
