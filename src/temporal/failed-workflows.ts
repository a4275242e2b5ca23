import type { Client } from '@temporalio/client'
import { z } from 'zod'
import type { FailedWorkflow } from '../report/report-facts.ts'
import { quoted } from './query-text.ts'
import { KEYS } from './search-attribute-keys.ts'

const memoSchema = z.object({ failure: z.string().optional() }).catch({})

/** Pipelines, restores and drills of a task queue that did not end well, newest first. One that was cancelled is none of these. */
export async function readFailedWorkflows(client: Client, taskQueue: string): Promise<FailedWorkflow[]> {
  const failed: FailedWorkflow[] = []
  const query =
    `WorkflowType IN ('BackupPipeline', 'RestoreBackup', 'DrillBackup') AND TaskQueue = '${quoted(taskQueue)}' ` +
    "AND ExecutionStatus IN ('Failed', 'TimedOut', 'Terminated')"
  for await (const execution of client.workflow.list({ query })) {
    const { type, workflowId, status, startTime, closeTime, memo, typedSearchAttributes } = execution
    const database = typedSearchAttributes.get(KEYS.database)
    const step = typedSearchAttributes.get(KEYS.step)
    failed.push({
      type,
      workflowId,
      status: status.name,
      startedAt: startTime,
      endedAt: closeTime ?? startTime,
      why: memoSchema.parse(memo ?? {}).failure ?? unsaid(status.name),
      ...(database !== undefined && { database }),
      ...(step !== undefined && { step }),
    })
  }
  return failed.toSorted((one, other) => other.endedAt.getTime() - one.endedAt.getTime())
}

/** Where the workflow could not say it itself. */
function unsaid(status: string): string {
  switch (status) {
    case 'TERMINATED':
      return 'Somebody terminated it: nothing of it was taken back. Its history says who.'
    case 'TIMED_OUT':
      return 'It ran for longer than its starter allowed: nothing of it was taken back.'
    default:
      return 'Its history says why.'
  }
}
