import type { Client } from '@temporalio/client'
import { print, printJson } from '../print.ts'
import { readSchedule } from './read-schedule.ts'
import { scheduleText } from './schedule-text.ts'

/** As many as Temporal remembers. */
const RUNS = 10

/** Prints how a schedule is now. @throws {Error} where it starts nothing of Holdfast's */
export async function printSchedule(client: Client, scheduleId: string, output: 'table' | 'json'): Promise<void> {
  const schedule = await readSchedule(client, scheduleId, RUNS)
  if (!schedule) throw notOurs(scheduleId)
  if (output === 'json') printJson(schedule)
  else print(scheduleText(schedule))
}

/** What a command says to a schedule that it does not know how to read. */
export function notOurs(scheduleId: string): Error {
  return new Error(`The schedule ${scheduleId} starts nothing of Holdfast's: use "temporal schedule" for it.`)
}
