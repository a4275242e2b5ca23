import { activityInfo, getClient } from '@temporalio/activity'
import { ScheduleNotFoundError } from '@temporalio/client'
import type { ScheduleActivities } from '../domain/step-inputs.ts'

/** Of the reason, which may have the last lines of a log: a schedule's note is read in lists. */
const REASON_CHARACTERS = 400

/** Pauses a schedule and says in its note why, which workflow failed last, and what to do. */
export function createPauseSchedule(): ScheduleActivities['pauseSchedule'] {
  return async ({ scheduleId, failuresInARow, why }) => {
    const schedule = getClient().schedule.getHandle(scheduleId)
    try {
      const { state } = await schedule.describe()
      if (state.paused) return { paused: false }
      const workflowId = activityInfo().workflowExecution?.workflowId ?? 'unknown'
      await schedule.pause(noteOf(scheduleId, failuresInARow, workflowId, why))
      return { paused: true }
    } catch (error) {
      // Somebody has deleted it meanwhile.
      if (error instanceof ScheduleNotFoundError) return { paused: false }
      throw error
    }
  }
}

function noteOf(scheduleId: string, failuresInARow: number, workflowId: string, why: string): string {
  const reason = why.length <= REASON_CHARACTERS ? why : `${why.slice(0, REASON_CHARACTERS)}…`
  const failed = failuresInARow === 1 ? 'a failure' : `${failuresInARow} failures in a row`
  return (
    `Paused after ${failed}. The last was the workflow ${workflowId}: ${reason}\n` +
    `Mend it, try it by "holdfast schedule trigger ${scheduleId}", then "holdfast schedule resume ${scheduleId}".`
  )
}
