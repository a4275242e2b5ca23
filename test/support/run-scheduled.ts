import { randomUUID } from 'node:crypto'
import type { WorkflowHandle } from '@temporalio/client'
import { createSchedule } from '../../src/cli/schedule/create.ts'
import { deleteSchedule } from '../../src/cli/schedule/delete.ts'
import { describeSchedule } from '../../src/cli/schedule/describe.ts'
import { checkRequest, type Kind } from '../../src/cli/schedule/kinds.ts'
import type { ScheduleView } from '../../src/cli/schedule/read-schedule.ts'
import { triggerSchedule } from '../../src/cli/schedule/trigger.ts'
import { proofIdOf } from '../../src/domain/database-proof.ts'
import { cliJson, cliText } from './cli-output.ts'
import { type WorkflowWorld, withWorker } from './run-workflow.ts'

/** What became of a workflow that a schedule has started. */
export interface ScheduledResult<Result> {
  readonly result: Result
  readonly history: string
  /** The schedule afterwards. */
  readonly schedule: ScheduleView
}

/**
 * Makes a schedule that is not due by itself, has it start its workflow on a worker of its own, waits for the end, and deletes it.
 *
 * @param look runs before it is deleted, while the worker still runs
 */
export async function runScheduled<Result>(
  world: WorkflowWorld,
  kind: Kind,
  request: unknown,
  look: (handle: WorkflowHandle, result: Result) => Promise<void> = async () => undefined,
): Promise<ScheduledResult<Result>> {
  const { address } = world.lab.temporal
  const scheduleId = `${kind}-${randomUUID()}`
  const json = { output: 'json' } as const
  return await withWorker(world, async (taskQueue) => {
    const options = { ...json, taskQueue, cron: ['0 0 1 1 *'] }
    await cliText(address, () => createSchedule(kind, scheduleId, request, options))
    const { workflowId } = await cliJson<{ workflowId: string }>(address, () => triggerSchedule(scheduleId, json))
    const handle = world.client.workflow.getHandle(workflowId)
    const result: Result = await handle.result()
    await look(handle, result)
    const schedule = await cliJson<ScheduleView>(address, () => describeSchedule(scheduleId, json))
    await cliText(address, () => deleteSchedule(scheduleId, { output: 'table', yes: true }))
    // It has to be told by this worker that nothing is expected any more: no other one has its task queue.
    const { database } = checkRequest(kind, request)
    if (database)
      await world.client.workflow
        .getHandle(proofIdOf(database))
        .result()
        .catch(() => undefined)
    return { result, schedule, history: JSON.stringify(await handle.fetchHistory()) }
  })
}
