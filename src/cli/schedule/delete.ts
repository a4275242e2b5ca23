import { InputError } from '../input-error.ts'
import { printJson, say } from '../print.ts'
import { databaseOf } from './database-of.ts'
import { endExpectation } from './expected-proofs.ts'
import { withSchedules } from './with-schedules.ts'

export interface DeleteOptions {
  readonly yes?: boolean
  readonly output: 'table' | 'json'
}

/**
 * `holdfast schedule delete`: deletes a schedule. What it has started goes on, and no backup is touched. Of its database no proven backup
 * is expected any more, unless another schedule backs it up.
 *
 * @throws {InputError} without `--yes`
 */
export async function deleteSchedule(scheduleId: string, { yes, output }: DeleteOptions): Promise<void> {
  if (!yes) throw new InputError(`The schedule ${scheduleId} would be deleted. Say --yes to do it.`)
  await withSchedules(async (client) => {
    const schedule = client.schedule.getHandle(scheduleId)
    const database = databaseOf(await schedule.describe())
    await schedule.delete()
    if (database) await endExpectation(client, database, scheduleId)
  })
  if (output === 'json') printJson({ scheduleId })
  else say(`Deleted the schedule ${scheduleId}.`)
}
