import prettyBytes from 'pretty-bytes'
import type { FollowedJob } from '../domain/followed-job.ts'
import type { PendingJob, StepProgressView } from '../domain/progress.ts'

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

/** What a step is doing right now, in one line. Empty where nothing is known yet. */
export function pendingText(pending: PendingJob): string {
  const { job } = pending
  const log = job?.lastLine === undefined ? '' : `log: ${job.lastLine}`
  return [amountText(job), whereText(pending), beforeText(pending), log].filter((part) => part !== '').join('; ')
}

/** How far a Job is, how fast, and how long it will take. Empty where its program has not said so. */
export function amountText(job: FollowedJob | undefined): string {
  if (!job?.progress) return ''
  const { percent, bytes, totalBytes, rows, bytesPerSecond, rowsPerSecond, secondsLeft } = job.progress
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

/** Which try it is, and by which Job and pod. Empty where nothing is known yet. */
export function whereText({ attempt, job }: PendingJob): string {
  if (!job) return attempt > 1 ? `try ${attempt}` : ''
  const pod = job.podName === undefined ? ' is waiting for its pod' : `, pod ${job.podName}`
  return `try ${attempt}, Job ${job.jobName}${pod}`
}

/** Why there had to be another try. */
export function beforeText({ attempt, lastFailure }: PendingJob): string {
  return attempt > 1 && lastFailure !== undefined ? `before: ${lastFailure.split('\n')[0]}` : ''
}
