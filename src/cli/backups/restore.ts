import { randomUUID } from 'node:crypto'
import { followAndReport } from '../follow-and-report.ts'
import { howToGoOn } from '../how-to-go-on.ts'
import { untilInterrupted } from '../interruption.ts'
import { say } from '../print.ts'
import { withTemporal } from '../with-temporal.ts'
import {
  type DrillOptions,
  drillRequestOf,
  type RestoreOptions,
  restoreRequestOf,
  type WantedOptions,
} from './restore-options.ts'

/** `holdfast restore`: has a worker restore a backup for use, and follows it. */
export async function restore(backup: string, options: RestoreOptions): Promise<void> {
  await run('RestoreBackup', restoreRequestOf(backup, options), options)
}

/** `holdfast backups drill`: has a worker prove a backup once more, in a MySQL that is made for it. */
export async function drill(backup: string, options: DrillOptions): Promise<void> {
  await run('DrillBackup', drillRequestOf(backup, options), options)
}

async function run(type: 'RestoreBackup' | 'DrillBackup', request: object, options: WantedOptions): Promise<void> {
  const { taskQueue, output, workflowId = `${type === 'DrillBackup' ? 'drill' : 'restore'}-${randomUUID()}` } = options
  await withTemporal(async (client) => {
    const handle = await client.workflow.start(type, { taskQueue, workflowId, args: [request] })
    say(`${type}: workflow ${workflowId} on the task queue ${taskQueue}`)
    const following = followAndReport({ handle, type, workflowId, runId: handle.firstExecutionRunId }, output)
    await untilInterrupted(following, howToGoOn(workflowId))
  })
}
