import {
  type Client,
  type ScheduleDescription,
  type ScheduleExecutionResult,
  WorkflowNotFoundError,
} from '@temporalio/client'
import { z } from 'zod'
import { type ScheduleSettings, settingsOf } from '../../domain/schedule-settings.ts'
import { KEYS } from '../../temporal/search-attribute-keys.ts'
import { type Kind, kindOf } from './kinds.ts'
import { whenText } from './when-text.ts'

/** How a workflow that a schedule has started went. */
export interface ScheduledRun {
  readonly workflowId: string
  /** When it was due, and when it was started. */
  readonly dueAt: string
  readonly startedAt: string
  /** As Temporal has it: `RUNNING`, `COMPLETED`, `FAILED`, ...; `GONE` where its history is kept no more. */
  readonly status: string
  readonly backupId?: string
  /** Why it failed, or what came of it. */
  readonly outcome?: string
}

/** A schedule as a person wants to know it. */
export interface ScheduleView {
  readonly scheduleId: string
  readonly kind: Kind
  /** What it starts, in one line. */
  readonly what: string
  /** When it is due, in words. */
  readonly when: string
  readonly paused: boolean
  readonly note: string
  readonly settings: ScheduleSettings
  readonly catchUpMilliseconds: number
  readonly taskQueue: string
  readonly request: unknown
  /** The next times, soonest first. */
  readonly next: readonly string[]
  /** The last runs, newest first. */
  readonly runs: readonly ScheduledRun[]
  /** How often it was due while a run before still went on, and was skipped. */
  readonly skippedWhileRunning: number
  /** How often Temporal was away for longer than what is caught up. */
  readonly missed: number
}

const memoSchema = z.object({
  request: z.string().optional(),
  failure: z.string().optional(),
  result: z.record(z.string(), z.unknown()).optional(),
})

/**
 * @param runs how many of its last runs are asked for; Temporal remembers ten
 * @returns undefined where the schedule starts nothing of Holdfast's
 */
export async function readSchedule(
  client: Client,
  scheduleId: string,
  runs: number,
): Promise<ScheduleView | undefined> {
  const description = await client.schedule.getHandle(scheduleId).describe()
  const kind = kindOf(description.action.workflowType)
  if (kind === undefined) return undefined
  const newest = description.info.recentActions.toReversed().slice(0, runs)
  return {
    ...viewOf(kind, description),
    runs: await Promise.all(newest.map((action) => readRun(client, action))),
  }
}

function viewOf(kind: Kind, { scheduleId, spec, action, policies, state, info }: ScheduleDescription) {
  return {
    scheduleId,
    kind,
    what: action.staticSummary ?? action.workflowType,
    when: whenText(spec),
    paused: state.paused,
    note: state.note ?? '',
    settings: settingsOf(action.memo),
    catchUpMilliseconds: policies.catchupWindow,
    taskQueue: action.taskQueue,
    request: action.args?.[0],
    next: info.nextActionTimes.map(isoOf),
    skippedWhileRunning: info.numActionsSkippedOverlap,
    missed: info.numActionsMissedCatchupWindow,
  }
}

async function readRun(
  client: Client,
  { scheduledAt, takenAt, action }: ScheduleExecutionResult,
): Promise<ScheduledRun> {
  const { workflowId, firstExecutionRunId } = action.workflow
  const run = { workflowId, dueAt: isoOf(scheduledAt), startedAt: isoOf(takenAt) }
  try {
    const { status, memo, typedSearchAttributes } = await client.workflow
      .getHandle(workflowId, firstExecutionRunId)
      .describe()
    const { failure, result } = memoSchema.safeParse(memo ?? {}).data ?? {}
    const backupId = typedSearchAttributes.get(KEYS.backupId)
    const step = typedSearchAttributes.get(KEYS.step)
    const outcome = failure ?? outcomeOf(status.name, typedSearchAttributes.get(KEYS.outcome), step, result)
    return { ...run, status: status.name, ...(backupId && { backupId }), ...(outcome && { outcome }) }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { ...run, status: 'GONE' }
    throw error
  }
}

function outcomeOf(
  status: string,
  outcome: string | undefined,
  step: string | undefined,
  result: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  if (status === 'RUNNING') return step
  if (result?.deleted !== undefined) {
    return `${result.deleted} ${result.mode === 'delete' ? 'deleted' : 'would be deleted'}, ${result.kept} kept`
  }
  return outcome
}

function isoOf(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}
