import { setTimeout as sleep } from 'node:timers/promises'
import { type ScheduleDescription, type ScheduleHandle, ScheduleOverlapPolicy } from '@temporalio/client'
import { print, printJson, say } from '../print.ts'
import { withSchedules } from './with-schedules.ts'

const LOOK_MILLISECONDS = 200
const LOOKS = 150

/**
 * `holdfast schedule trigger`: starts now what it would start at its next time, also where it is paused.
 *
 * @throws {Error} where the one before still runs
 */
export async function triggerSchedule(
  scheduleId: string,
  { output }: { readonly output: 'table' | 'json' },
): Promise<void> {
  const workflowId = await withSchedules(async (client) => {
    const schedule = client.schedule.getHandle(scheduleId)
    const before = await schedule.describe()
    // By default the SDK would start it beside one that runs.
    await schedule.trigger(ScheduleOverlapPolicy.SKIP)
    return await startedSince(schedule, before)
  })
  if (output === 'json') printJson({ scheduleId, workflowId })
  else print(`Started: workflow ${workflowId}`)
  say(`How it goes: temporal workflow query --workflow-id '${workflowId}' --type progress`)
}

/** Temporal answers before it has decided. */
async function startedSince(schedule: ScheduleHandle, before: ScheduleDescription): Promise<string> {
  for (let look = 0; look < LOOKS; look++) {
    const { info } = await schedule.describe()
    const newest = info.recentActions.at(-1)
    if (info.numActionsTaken > before.info.numActionsTaken && newest) return newest.action.workflow.workflowId
    if (info.numActionsSkippedOverlap > before.info.numActionsSkippedOverlap) throw stillRuns(schedule, info)
    await sleep(LOOK_MILLISECONDS)
  }
  throw new Error(
    `Temporal has not started anything yet. Look again: holdfast schedule describe ${schedule.scheduleId}.`,
  )
}

function stillRuns({ scheduleId }: ScheduleHandle, { runningActions }: ScheduleDescription['info']): Error {
  const running = runningActions.map(({ workflow }) => workflow.workflowId).join(', ')
  return new Error(`Nothing was started: the one before of the schedule ${scheduleId} still runs (${running}).`)
}
