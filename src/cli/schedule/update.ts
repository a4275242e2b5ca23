import type {
  Client,
  ScheduleDescription,
  ScheduleOptionsStartWorkflowAction,
  ScheduleUpdateOptions,
} from '@temporalio/client'
import type { Workflow } from '@temporalio/common'
import { type Database, databaseName } from '../../domain/database-name.ts'
import { DEFAULT_PROVEN_WITHIN_HOURS } from '../../domain/database-proof.ts'
import { type ScheduleSettings, settingsOf } from '../../domain/schedule-settings.ts'
import { KEYS } from '../../temporal/search-attribute-keys.ts'
import { workflowSummary } from '../workflow-summary.ts'
import { databaseOf } from './database-of.ts'
import { assertWatchable, endExpectation, expectProof } from './expected-proofs.ts'
import { checkRequest, kindOf } from './kinds.ts'
import { catchUpOf, pauseAfterOf, provenWithinOf } from './policies.ts'
import type { PolicyOptions } from './policy-options.ts'
import { notOurs, printSchedule } from './print-schedule.ts'
import { readRequest } from './requests.ts'
import { saysWhen, timingOf, zoneAndJitter } from './timing.ts'
import type { TimingOptions } from './timing-options.ts'
import { withSchedules } from './with-schedules.ts'

export interface UpdateOptions extends TimingOptions, PolicyOptions {
  readonly taskQueue?: string
  /** What of the request is to be otherwise, as JSON. */
  readonly request?: string
  readonly output: 'table' | 'json'
}

type Update = ScheduleUpdateOptions<ScheduleOptionsStartWorkflowAction<Workflow>>

/** What an update makes of a schedule. */
interface Change {
  readonly update: Update
  readonly settings: ScheduleSettings
  readonly taskQueue: string
  readonly database: Database | undefined
  readonly databaseBefore: Database | undefined
}

/**
 * `holdfast schedule update`: changes what the options name and leaves the rest.
 *
 * @throws {InputError} naming what is wrong; nothing was changed by then
 */
export async function updateSchedule(scheduleId: string, options: UpdateOptions): Promise<void> {
  const request = await readRequest(options.request)
  await withSchedules(async (client) => {
    let change: Change | undefined
    await client.schedule.getHandle(scheduleId).update((previous) => {
      change = changeOf(previous, request, options)
      return change.update
    })
    if (change) await changeExpectation(client, scheduleId, change)
    await printSchedule(client, scheduleId, options.output)
  })
}

async function changeExpectation(client: Client, scheduleId: string, change: Change): Promise<void> {
  const { database, databaseBefore, settings, taskQueue } = change
  const { provenWithinHours: withinHours = DEFAULT_PROVEN_WITHIN_HOURS } = settings
  if (database) await expectProof(client, { database, withinHours, taskQueue })
  const same = database && databaseBefore && databaseName(database) === databaseName(databaseBefore)
  if (databaseBefore && !same) await endExpectation(client, databaseBefore, scheduleId)
}

function changeOf(
  previous: ScheduleDescription,
  requestChange: Readonly<Record<string, unknown>>,
  options: UpdateOptions,
): Change {
  const { action, policies, state } = previous
  const kind = kindOf(action.workflowType)
  if (kind === undefined) throw notOurs(previous.scheduleId)
  const request = { ...action.args?.[0], ...requestChange }
  const { inShort, database } = checkRequest(kind, request)
  if (database) assertWatchable(database)
  const settings = changedSettings(settingsOf(action.memo), options)
  const taskQueue = options.taskQueue ?? action.taskQueue
  const databaseAttribute = database ? [{ key: KEYS.database, value: databaseName(database) }] : []
  const { searchAttributes: _, ...kept } = action
  const update: Update = {
    spec: changedSpec(previous.spec, options),
    action: {
      ...kept,
      taskQueue,
      args: [request],
      memo: { ...action.memo, ...settings },
      typedSearchAttributes: databaseAttribute,
      ...workflowSummary(inShort, request),
    },
    policies: {
      ...policies,
      ...(options.catchUp !== undefined && { catchupWindow: catchUpOf(options.catchUp) }),
      ...(options.pauseAfter !== undefined && { pauseOnFailure: settings.pauseAfterFailures === 1 }),
    },
    state: { ...state, ...(options.note !== undefined && { note: options.note }) },
    typedSearchAttributes: databaseAttribute,
  }
  return { update, settings, taskQueue, database, databaseBefore: databaseOf(previous) }
}

function changedSettings(before: ScheduleSettings, { pauseAfter, provenWithin }: UpdateOptions): ScheduleSettings {
  const provenWithinHours = provenWithinOf(provenWithin)
  return {
    ...before,
    ...(pauseAfter !== undefined && { pauseAfterFailures: pauseAfterOf(pauseAfter) }),
    ...(provenWithinHours !== undefined && { provenWithinHours }),
  }
}

/** New times take the place of all that were there; zone, jitter and what is skipped stay unless they are named. */
function changedSpec(before: ScheduleDescription['spec'], options: UpdateOptions): Update['spec'] {
  if (!saysWhen(options) && options.on === undefined) return { ...before, ...zoneAndJitter(options) }
  const { calendars: _calendars, intervals: _intervals, ...kept } = before
  return { ...kept, ...timingOf(options) }
}
