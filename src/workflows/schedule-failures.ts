import {
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  log,
  patched,
  proxyActivities,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow'
import { settingsOf } from '../domain/schedule-settings.ts'
import type { ScheduleActivities } from '../domain/step-inputs.ts'
import { ASK_TEMPORAL } from './ask-temporal.ts'
import { rootMessage } from './compensation.ts'
import { failuresBefore } from './failures-before.ts'
import { PAUSE_AFTER_FAILURES } from './patches.ts'
import { failureType } from './pipeline-failure.ts'

const { pauseSchedule } = proxyActivities<Pick<ScheduleActivities, 'pauseSchedule'>>({
  ...ASK_TEMPORAL,
  summary: 'Pause the schedule: too many failures in a row',
})

/** The search attribute in which Temporal writes down which schedule has started a workflow. */
const SCHEDULED_BY = 'TemporalScheduledById'

/**
 * Runs a workflow. If a schedule has started it and it fails, its failure says how many of the schedule's workflows have failed in a row
 * by now; after as many as the schedule allows, the schedule is paused. A cancelled workflow is no failure, and the count stays.
 */
export async function countingFailures<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const scheduleId = scheduledBy()
    // What is no failure of Temporal's fails the task, not the workflow: it is tried again.
    const ends = error instanceof TemporalFailure && !isCancellation(error)
    if (scheduleId === undefined || !ends || !patched(PAUSE_AFTER_FAILURES)) throw error
    const failuresInARow = failuresBefore(workflowInfo().lastFailure) + 1
    const { pauseAfterFailures } = settingsOf(workflowInfo().memo)
    if (pauseAfterFailures > 0 && failuresInARow >= pauseAfterFailures) {
      await pause(scheduleId, failuresInARow, messageOf(error))
    }
    throw withCount(error, failuresInARow)
  }
}

function scheduledBy(): string | undefined {
  const value: unknown = workflowInfo().searchAttributes[SCHEDULED_BY]?.[0]
  return typeof value === 'string' ? value : undefined
}

/** The workflow ends as it would have, whatever becomes of this. */
async function pause(scheduleId: string, failuresInARow: number, why: string): Promise<void> {
  try {
    await CancellationScope.nonCancellable(() => pauseSchedule({ scheduleId, failuresInARow, why }))
  } catch (error) {
    log.error('The schedule could not be paused', { scheduleId, why: rootMessage(error) })
  }
}

/** The same failure with the count as the last of its details. */
function withCount(error: TemporalFailure, failuresInARow: number): ApplicationFailure {
  const own = error instanceof ApplicationFailure ? error : undefined
  const cause = own ? own.cause : error
  const failure = ApplicationFailure.create({
    message: messageOf(error),
    type: own?.type ?? failureType(error),
    nonRetryable: own?.nonRetryable ?? true,
    details: [...(own?.details ?? []), { failuresInARow }],
    ...(cause && { cause }),
  })
  if (error.stack !== undefined) failure.stack = error.stack
  return failure
}

function messageOf(error: TemporalFailure): string {
  return error instanceof ApplicationFailure ? error.message : rootMessage(error)
}
