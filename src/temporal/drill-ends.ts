import type { Client } from '@temporalio/client'
import { quoted } from './query-text.ts'
import { KEYS } from './search-attribute-keys.ts'

/** How a drill of a database's backup ended. One that was cancelled says nothing, and is none of these. */
export interface DrillEnd {
  /** `<namespace>/<schemas>`; without schemas where it failed before it had found a backup. */
  readonly database: string
  readonly proven: boolean
  readonly endedAt: Date
}

/** Lists the drills that have ended since, as far as Temporal remembers. */
export async function* listDrillEnds(client: Client, taskQueue: string, since: Date): AsyncGenerator<DrillEnd> {
  const query =
    `WorkflowType = 'DrillBackup' AND TaskQueue = '${quoted(taskQueue)}' ` +
    `AND ExecutionStatus != 'Running' AND CloseTime > '${since.toISOString()}'`
  for await (const { typedSearchAttributes, workflowId, status, closeTime } of client.workflow.list({ query })) {
    if (!closeTime || status.name === 'CANCELLED') continue
    yield {
      database: typedSearchAttributes.get(KEYS.database) ?? workflowId,
      proven: status.name === 'COMPLETED',
      endedAt: closeTime,
    }
  }
}
