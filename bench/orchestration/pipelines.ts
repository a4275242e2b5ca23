import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkflowHandle } from '@temporalio/client'
import { DEFAULT_TASK_QUEUE } from '../../src/config.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import type { Stage } from './stage.ts'

/** Starts pipelines, evenly over time, each on a schema of its own: a database has one pipeline at a time. */
export async function startPipelines(
  { client, namespace }: Stage,
  count: number,
  secondsBetween: number,
): Promise<readonly WorkflowHandle[]> {
  const start = async (index: number) => {
    await sleep(index * secondsBetween * 1000)
    return await client.workflow.start('BackupPipeline', {
      taskQueue: DEFAULT_TASK_QUEUE,
      workflowId: `bench-${randomUUID()}`,
      args: [{ namespace, sampleData: { kind: 'sysbench', schema: `sbtest${index}` } }],
    })
  }
  return await Promise.all(Array.from({ length: count }, (_, index) => start(index)))
}

/** Waits for a pipeline's end. */
export async function isProven(handle: WorkflowHandle): Promise<boolean> {
  try {
    const result: BackupResult = await handle.result()
    return result.outcome === 'proven'
  } catch (error) {
    console.error(error)
    return false
  }
}

export interface HistorySize {
  readonly events: number
  readonly bytes: number
}

/** The longest history of some pipelines that have ended. */
export async function longestHistory(handles: readonly WorkflowHandle[]): Promise<HistorySize> {
  const described = await Promise.all(handles.map((handle) => handle.describe()))
  return {
    events: Math.max(...described.map(({ historyLength }) => historyLength)),
    bytes: Math.max(...described.map(({ historySize }) => historySize ?? 0)),
  }
}
