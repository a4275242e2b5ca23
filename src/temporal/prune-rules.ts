import type { Client } from '@temporalio/client'
import { pruneRequestSchema } from '../domain/prune-request.ts'
import type { NamedRule } from '../report/report-facts.ts'

/** The rules of the schedules that prune a bucket. One whose request is not understood, as of a newer version, is left out. */
export async function readPruneRules(client: Client, bucket: string): Promise<NamedRule[]> {
  const rules: NamedRule[] = []
  for await (const { scheduleId, action } of client.schedule.list()) {
    // Right after it was made, a schedule may be listed without what it starts.
    if (action !== undefined && action.workflowType !== 'PruneBackups') continue
    const description = await client.schedule.getHandle(scheduleId).describe()
    const request = pruneRequestSchema().safeParse(description.action.args?.[0])
    if (description.action.workflowType !== 'PruneBackups' || request.data?.bucket !== bucket) continue
    const { rule, hold } = request.data
    rules.push({ name: `the schedule ${scheduleId}`, rule, hold })
  }
  return rules
}
