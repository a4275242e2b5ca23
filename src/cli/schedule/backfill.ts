import { ScheduleOverlapPolicy } from '@temporalio/client'
import { InputError } from '../input-error.ts'
import { say } from '../print.ts'
import { printSchedule } from './print-schedule.ts'
import { withSchedules } from './with-schedules.ts'

export interface BackfillOptions {
  readonly from: string
  readonly to: string
  readonly output: 'table' | 'json'
}

/**
 * `holdfast schedule backfill`: starts what would have been started in a time that has passed, one after the other.
 *
 * @throws {InputError} where a time is none
 */
export async function backfillSchedule(scheduleId: string, { from, to, output }: BackfillOptions): Promise<void> {
  const [start, end] = [timeOf('--from', from), timeOf('--to', to)]
  if (end < start) throw new InputError('--to: is before --from.')
  await withSchedules(async (client) => {
    await client.schedule.getHandle(scheduleId).backfill({ start, end, overlap: ScheduleOverlapPolicy.BUFFER_ALL })
    say('A backup is of the database as it is now, whenever it was due.')
    await printSchedule(client, scheduleId, output)
  })
}

function timeOf(option: string, text: string): Date {
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time
  throw new InputError(`${option}: "${text}" is no time, such as 2026-11-24T00:00:00Z.`)
}
