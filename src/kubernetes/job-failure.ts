/**
 * Why a Job came to nothing, as a word for programs. What the step's own program says of itself (`SchemaNotOurs`, ...) is
 * passed on as it is.
 */
export type JobFailureType =
  | 'ImageNotAvailable'
  | 'Unschedulable'
  | 'VolumeNotBound'
  | 'PodNotStarting'
  | 'ConfigurationMissing'
  | 'PodNotAdmitted'
  | 'OutOfMemory'
  | 'OutOfStorage'
  | 'Evicted'
  | 'DeadlineExceeded'
  | 'ExitCode'
  | 'JobDeleted'
  | 'AnswerLost'
  | 'JobNotOurs'
  | 'AnswerInvalid'
  | 'PermissionDenied'
  | 'RequestRefused'

/** What failed and why, in words for the person on call, and whether the same again may succeed. */
export interface JobFailure {
  readonly type: JobFailureType | (string & {})
  readonly namespace: string
  readonly jobName: string
  readonly podName?: string
  readonly why: string
  readonly remedy?: string
  readonly retryable: boolean
  /** The last lines of the container's log, oldest first. */
  readonly logTail: readonly string[]
}

export class JobFailedError extends Error {
  override readonly name = 'JobFailedError'
  readonly failure: JobFailure

  constructor(failure: JobFailure) {
    super(describeJobFailure(failure))
    this.failure = failure
  }
}

/** The failure as lines to read: what and where, why, what to do, what the log said last, where to look. */
export function describeJobFailure(failure: JobFailure): string {
  const pod = failure.podName === undefined ? '' : `, pod ${failure.podName}`
  const lines = [`Job ${failure.namespace}/${failure.jobName}${pod}: ${failure.why}`]
  if (failure.remedy !== undefined) lines.push(failure.remedy)
  if (failure.logTail.length > 0) lines.push('Last lines of its log:', ...failure.logTail.map((line) => `  ${line}`))
  lines.push(`Look at: kubectl --namespace ${failure.namespace} describe job ${failure.jobName}`)
  return lines.join('\n')
}
