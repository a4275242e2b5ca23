import pLimit from 'p-limit'
import { print, printJson } from '../print.ts'
import { kindOf } from './kinds.ts'
import { readSchedule } from './read-schedule.ts'
import { scheduleTable } from './schedule-text.ts'
import { withSchedules } from './with-schedules.ts'

/** Requests to Temporal at a time: each schedule takes one, and one for its last run. */
const AT_A_TIME = 8

/** `holdfast schedule list`: the schedules that start something of Holdfast's, with their next and last runs. */
export async function listSchedules({ output }: { readonly output: 'table' | 'json' }): Promise<void> {
  const schedules = await withSchedules(async (client) => {
    const ids: string[] = []
    for await (const { scheduleId, action } of client.schedule.list()) {
      // Right after it was made, a schedule may be listed without what it starts.
      if (action === undefined || kindOf(action.workflowType)) ids.push(scheduleId)
    }
    const limit = pLimit(AT_A_TIME)
    return await Promise.all(ids.toSorted().map((id) => limit(() => readSchedule(client, id, 1))))
  })
  const own = schedules.filter((schedule) => schedule !== undefined)
  if (output === 'json') printJson(own)
  else print(scheduleTable(own))
}
