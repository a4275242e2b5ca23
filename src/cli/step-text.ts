import prettyBytes from 'pretty-bytes'
import type { FollowedJob } from '../domain/followed-job.ts'
import type { PendingJob, StepProgressView } from '../domain/progress.ts'

/** A step as the pipeline knows it, and its Job as the worker saw it last. */
export interface StepView {
  readonly step: StepProgressView
  readonly pending?: PendingJob
}

/** How long a step has taken, in seconds; undefined while it runs. */
export function secondsOf({ startedAt, endedAt }: StepProgressView): number | undefined {
  return startedAt === undefined || endedAt === undefined ? undefined : (endedAt - startedAt) / 1000
}

/** One line about a step: its name, its state, how long it took and what came of it. */
export function stepLine(step: StepProgressView): string {
  const seconds = secondsOf(step)
  const took = seconds === undefined ? '' : ` ${seconds.toFixed(1)} s`
  return `${step.name.padEnd(15)} ${step.state}${took}${step.summary === undefined ? '' : `: ${step.summary}`}`
}

/** What a step is doing right now: which try, how far, how fast. Empty where nothing is known yet. */
export function pendingText({ attempt, job, lastFailure }: PendingJob): string {
  const parts = [
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(job ? [job.phase === 'pending' ? `${job.jobName} is waiting for its pod` : progressText(job)] : []),
    ...(attempt > 1 && lastFailure !== undefined ? [`before: ${lastFailure.split('\n')[0]}`] : []),
  ]
  return parts.filter((part) => part !== '').join('; ')
}

/** How far a Job is in numbers, or in the last words of its log where it has none. */
function progressText({ progress, lastLine }: FollowedJob): string {
  if (!progress) return lastLine ?? ''
  const { percent, bytes, totalBytes, rows, bytesPerSecond, rowsPerSecond, secondsLeft } = progress
  const size = bytes === undefined ? [] : [prettyBytes(bytes) + (totalBytes ? ` of ${prettyBytes(totalBytes)}` : '')]
  return [
    ...(percent === undefined ? [] : [`${percent} %`]),
    ...size,
    ...(rows === undefined ? [] : [`${rows} rows`]),
    ...(bytesPerSecond ? [`${prettyBytes(bytesPerSecond)}/s`] : []),
    ...(rowsPerSecond ? [`${rowsPerSecond} rows/s`] : []),
    ...(secondsLeft ? [`${secondsLeft} s left`] : []),
  ].join(', ')
}
