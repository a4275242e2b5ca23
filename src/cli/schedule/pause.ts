import { printSchedule } from './print-schedule.ts'
import { withSchedules } from './with-schedules.ts'

export interface PauseOptions {
  readonly note?: string
  readonly output: 'table' | 'json'
}

/** `holdfast schedule pause`: what runs goes on, and nothing new is started but by `trigger` and `backfill`. */
export async function pauseSchedule(scheduleId: string, { note, output }: PauseOptions): Promise<void> {
  await withSchedules(async (client) => {
    await client.schedule.getHandle(scheduleId).pause(note ?? 'Paused by holdfast schedule pause')
    await printSchedule(client, scheduleId, output)
  })
}

/** `holdfast schedule resume`: from its next time on. What was due meanwhile is not made up for. */
export async function resumeSchedule(scheduleId: string, { note, output }: PauseOptions): Promise<void> {
  await withSchedules(async (client) => {
    await client.schedule.getHandle(scheduleId).unpause(note ?? 'Resumed by holdfast schedule resume')
    await printSchedule(client, scheduleId, output)
  })
}
