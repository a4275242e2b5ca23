import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandleWithFirstExecutionRunId,
} from '@temporalio/client'
import type { Command } from 'commander'
import type { BackupRequest } from '../../domain/backup-request.ts'
import { asWord } from '../as-word.ts'
import { followAndReport } from '../follow-and-report.ts'
import { howToGoOn } from '../how-to-go-on.ts'
import { untilInterrupted } from '../interruption.ts'
import { print, printJson, say } from '../print.ts'
import { withTemporal } from '../with-temporal.ts'
import { type RequestOptions, requestOf } from './request-options.ts'

export interface StartOptions extends RequestOptions {
  readonly workflowId?: string
  readonly taskQueue: string
  readonly watch?: boolean
  readonly output: 'table' | 'json'
}

/** `holdfast backup start`: starts a pipeline, and follows it if told to. */
export async function start(options: StartOptions, command: Pick<Command, 'getOptionValueSource'>): Promise<void> {
  const request = await requestOf(options, (option) => command.getOptionValueSource(option) === 'cli')
  const { workflowId = usualId(request), taskQueue, output } = options
  await withTemporal(async (client) => {
    const handle = await startPipeline(client, workflowId, taskQueue, request)
    const runId = handle.firstExecutionRunId
    say(`BackupPipeline: workflow ${workflowId} on the task queue ${taskQueue}`)
    if (options.watch) {
      const following = followAndReport({ handle, type: 'BackupPipeline', workflowId, runId }, output)
      await untilInterrupted(following, howToGoOn(workflowId))
      return
    }
    if (output === 'json') printJson({ workflowId, runId, taskQueue })
    else print(workflowId)
    say(`To follow it: holdfast backup watch ${asWord(workflowId)}`)
  })
}

async function startPipeline(
  client: Client,
  workflowId: string,
  taskQueue: string,
  request: BackupRequest,
): Promise<WorkflowHandleWithFirstExecutionRunId> {
  try {
    return await client.workflow.start('BackupPipeline', { taskQueue, workflowId, args: [request] })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    throw new Error(
      `A workflow ${workflowId} runs already, and no other one was started. ` +
        `Follow it (holdfast backup watch ${asWord(workflowId)}), or give another --workflow-id.`,
    )
  }
}

/** Says of which database it is, and since when. */
function usualId({ namespace }: BackupRequest): string {
  return `backup-${namespace}-${new Date().toISOString().replaceAll(/[-:.]/g, '')}`
}
