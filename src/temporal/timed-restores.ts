import type { Client } from '@temporalio/client'
import pLimit from 'p-limit'
import type { TimedRestore } from '../report/report-facts.ts'
import { activitySeconds } from './activity-seconds.ts'
import { quoted } from './query-text.ts'
import { KEYS } from './search-attribute-keys.ts'

/** How many of the newest are asked for their histories. */
const MOST_HISTORIES = 50
const ASKED_AT_A_TIME = 8

/** Drills and restores of a task queue that have ended well, newest first, with what they took. */
export async function readTimedRestores(client: Client, taskQueue: string): Promise<TimedRestore[]> {
  const query =
    `WorkflowType IN ('RestoreBackup', 'DrillBackup') AND TaskQueue = '${quoted(taskQueue)}' ` +
    "AND ExecutionStatus = 'Completed'"
  const restores: TimedRestore[] = []
  for await (const execution of client.workflow.list({ query })) {
    const { type, workflowId, runId, startTime, closeTime, typedSearchAttributes } = execution
    const database = typedSearchAttributes.get(KEYS.database)
    const backupId = typedSearchAttributes.get(KEYS.backupId)
    restores.push({
      ...{ type, workflowId, runId, startedAt: startTime, endedAt: closeTime ?? startTime },
      ...(database !== undefined && { database }),
      ...(backupId !== undefined && { backupId }),
    })
  }
  restores.sort((one, other) => other.endedAt.getTime() - one.endedAt.getTime())
  const limit = pLimit(ASKED_AT_A_TIME)
  return await Promise.all(
    restores.map((restore, index) => {
      return index < MOST_HISTORIES ? limit(() => withLoading(client, restore)) : restore
    }),
  )
}

async function withLoading(client: Client, restore: TimedRestore): Promise<TimedRestore> {
  const { events } = await client.workflow.getHandle(restore.workflowId, restore.runId).fetchHistory()
  const restoreSeconds = activitySeconds(events ?? [], 'restore')
  return { ...restore, ...(restoreSeconds !== undefined && { restoreSeconds }) }
}
