import { type ScheduleOptions, ScheduleOverlapPolicy } from '@temporalio/client'
import { databaseName } from '../../domain/database-name.ts'
import { DEFAULT_PROVEN_WITHIN_HOURS } from '../../domain/database-proof.ts'
import { DEFAULT_PAUSE_AFTER_FAILURES, type ScheduleSettings } from '../../domain/schedule-settings.ts'
import { KEYS } from '../../temporal/search-attribute-keys.ts'
import { workflowSummary } from '../workflow-summary.ts'
import { assertWatchable, expectProof } from './expected-proofs.ts'
import { type CheckedRequest, checkRequest, type Kind, workflowTypeOf } from './kinds.ts'
import { catchUpOf, pauseAfterOf, provenWithinOf } from './policies.ts'
import { DEFAULT_CATCH_UP, type PolicyOptions } from './policy-options.ts'
import { printSchedule } from './print-schedule.ts'
import { timingOf } from './timing.ts'
import type { TimingOptions } from './timing-options.ts'
import { withSchedules } from './with-schedules.ts'

export interface CreateOptions extends TimingOptions, PolicyOptions {
  readonly taskQueue: string
  readonly paused?: boolean
  readonly output: 'table' | 'json'
}

/**
 * `holdfast schedule create`: makes a schedule of Temporal's.
 *
 * @param request what each of its workflows is asked to do, checked here as it will be there
 * @throws {InputError} naming what is wrong; nothing was made by then
 */
export async function createSchedule(
  kind: Kind,
  scheduleId: string,
  request: unknown,
  options: CreateOptions,
): Promise<void> {
  const checked = checkRequest(kind, request)
  const { database } = checked
  if (database) assertWatchable(database)
  const withinHours = provenWithinOf(options.provenWithin) ?? DEFAULT_PROVEN_WITHIN_HOURS
  const settings = {
    pauseAfterFailures: pauseAfterOf(options.pauseAfter ?? DEFAULT_PAUSE_AFTER_FAILURES),
    ...(database && { provenWithinHours: withinHours }),
  }
  const schedule = scheduleOf(kind, scheduleId, request, checked, settings, options)
  await withSchedules(async (client) => {
    await client.schedule.create(schedule)
    if (database) await expectProof(client, { database, withinHours, taskQueue: options.taskQueue })
    await printSchedule(client, scheduleId, options.output)
  })
}

/** What Temporal is told. A backup is never started beside another one of the same schedule. */
function scheduleOf(
  kind: Kind,
  scheduleId: string,
  request: unknown,
  { inShort, database }: CheckedRequest,
  settings: ScheduleSettings,
  options: CreateOptions,
): ScheduleOptions {
  const databaseAttribute = database ? [{ key: KEYS.database, value: databaseName(database) }] : []
  return {
    scheduleId,
    spec: timingOf(options),
    action: {
      type: 'startWorkflow',
      workflowType: workflowTypeOf(kind),
      workflowId: scheduleId,
      taskQueue: options.taskQueue,
      args: [request],
      memo: { ...settings },
      typedSearchAttributes: databaseAttribute,
      ...workflowSummary(inShort, request),
    },
    policies: {
      overlap: ScheduleOverlapPolicy.SKIP,
      catchupWindow: catchUpOf(options.catchUp ?? DEFAULT_CATCH_UP),
      // Temporal's own pauses at the first failure, and at a time-out too.
      pauseOnFailure: settings.pauseAfterFailures === 1,
    },
    state: { paused: options.paused ?? false, ...(options.note !== undefined && { note: options.note }) },
    typedSearchAttributes: databaseAttribute,
  }
}
