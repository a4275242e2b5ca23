import { type Client, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client'
import type { LabFile } from '../../lab/lab-file.ts'
import { DEFAULT_TASK_QUEUE } from '../config.ts'
import type { BackupRequest } from '../domain/backup-request.ts'
import { asksForData, type DemoOptions } from './demo-options.ts'
import { followAndReport } from './follow-and-report.ts'
import { InputError } from './input-error.ts'
import { say } from './print.ts'

/** A run of a pipeline that Temporal knows. */
export interface PipelineRun {
  readonly workflowId: string
  readonly runId: string
}

/**
 * The pipeline of this workflow id that runs already, if one does: after Ctrl-C, say.
 *
 * @throws {InputError} where the options ask for data that it does not back up
 */
export async function findRunning(client: Client, options: DemoOptions): Promise<PipelineRun | undefined> {
  const { workflowId } = options
  const found = await client.workflow
    .getHandle(workflowId)
    .describe()
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined
      throw error
    })
  if (found?.status.name !== 'RUNNING') return undefined
  if (found.type !== 'BackupPipeline') throw new InputError(`--workflow-id: a ${found.type} runs under ${workflowId}.`)
  if (!asksForData(options)) return { workflowId, runId: found.runId }
  throw new InputError(
    `--workflow-id: the pipeline ${workflowId} runs already, and does not back up what --tables, --rows, --sql and --schema ` +
      'ask for. Follow it without them, or give another --workflow-id.',
  )
}

/** Starts a pipeline, or takes one that runs; follows it to its end and prints how it went. A failure is exit code 1. */
export async function backUp(
  client: Client,
  temporal: LabFile['temporal'],
  { workflowId, output }: DemoOptions,
  what: BackupRequest | PipelineRun,
): Promise<void> {
  const handle =
    'runId' in what ? client.workflow.getHandle(workflowId, what.runId) : await start(client, workflowId, what)
  const { runId } = await handle.describe()
  const address = `${temporal.uiUrl}/namespaces/${temporal.namespace}/workflows/${workflowId}/${runId}`
  say(`Pipeline${'runId' in what ? ', running already' : ''}: ${address}`)
  const endedWell = await followAndReport({ handle, type: 'BackupPipeline', workflowId, runId }, output)
  if (!endedWell) say(`Its whole history: ${address}`)
}

async function start(client: Client, workflowId: string, request: BackupRequest): Promise<WorkflowHandle> {
  return await client.workflow.start('BackupPipeline', { taskQueue: DEFAULT_TASK_QUEUE, workflowId, args: [request] })
}
