import { columns } from '../columns.ts'
import { durationText } from './durations.ts'
import type { ScheduledRun, ScheduleView } from './read-schedule.ts'

const NONE = '-'

/** A line for each schedule, for a person. */
export function scheduleTable(schedules: readonly ScheduleView[]): string {
  const rows = schedules.map(({ scheduleId, what, when, next, runs, paused }) => [
    scheduleId,
    what,
    when,
    paused ? 'PAUSED' : (next[0] ?? NONE),
    runs[0]?.startedAt ?? NONE,
    runs[0] ? firstLine(runText(runs[0])) : 'never',
  ])
  return `${columns([['schedule', 'what', 'when', 'next', 'last', 'how it went'], ...rows])}\n${schedules.length} schedules`
}

/** All of one schedule, for a person. */
export function scheduleText(schedule: ScheduleView): string {
  const { scheduleId, what, when, paused, note, catchUpMilliseconds, next, runs, taskQueue } = schedule
  const { skippedWhileRunning, missed } = schedule
  const { pauseAfterFailures, provenWithinHours } = schedule.settings
  return [
    `Schedule ${scheduleId}${paused ? ', PAUSED' : ''}`,
    ...(note === '' ? [] : [note]),
    `Starts   ${what} (task queue ${taskQueue})`,
    `When     ${when}`,
    `Next     ${paused ? 'when it is resumed' : next.slice(0, 3).join(', ') || 'never'}`,
    `Overlap  not started while the one before still runs (${skippedWhileRunning} times so far)`,
    `Catch-up what Temporal missed, up to ${durationText(catchUpMilliseconds)} later (${missed} came too late so far)`,
    `Failures ${pauseAfterFailures === 0 ? 'it is never paused' : `it is paused after ${pauseAfterFailures} in a row`}`,
    ...(provenWithinHours === undefined
      ? []
      : [`Proof    one is expected every ${durationText(provenWithinHours * 3_600_000)}`]),
    ...(runs.length === 0 ? ['It has not started anything yet.'] : [runTable(runs)]),
  ].join('\n')
}

function runTable(runs: readonly ScheduledRun[]): string {
  const rows = runs.map((run) => [run.startedAt, run.workflowId, firstLine(runText(run))])
  return columns([['started', 'workflow', 'how it went'], ...rows])
}

function runText({ status, backupId, outcome }: ScheduledRun): string {
  const words: Readonly<Record<string, string>> = {
    RUNNING: `running${outcome ? `: ${outcome}` : ''}`,
    COMPLETED: [outcome ?? 'done', ...(backupId ? [backupId] : [])].join(' '),
    FAILED: `FAILED${outcome ? `: ${outcome}` : ''}`,
    GONE: 'its history is kept no more',
  }
  return words[status] ?? status
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
