import { type Duration, msToNumber } from '@temporalio/common'
import type { ActivityOptions } from '@temporalio/workflow'
import type { StepOverride } from '../domain/backup-request.ts'
import type { JobLimits } from '../domain/job-limits.ts'
import type { StepName } from '../domain/steps.ts'

interface StepPolicy {
  /** The longest that one attempt may follow the step's Job. */
  readonly startToClose: Duration
  /** The longest for all attempts together: what bounds a step whose workers keep dying. */
  readonly scheduleToClose: Duration
  /** After so long without a heartbeat the worker is taken for dead, and another one goes on. */
  readonly heartbeat: Duration
  /** How many Jobs the step may have. An attempt that finds its Job again needs none. */
  readonly maximumTries: number
  /** How long after a failed attempt the next one begins, twice as long each time, up to `maximumBackOff`. */
  readonly backOff: Duration
  readonly maximumBackOff: Duration
}

const HEARTBEAT = '30 seconds'
const QUICK = { heartbeat: HEARTBEAT, backOff: '2 seconds', maximumBackOff: '1 minute' } as const
/** S3 and the network take their time to come back. */
const REMOTE = { heartbeat: HEARTBEAT, backOff: '5 seconds', maximumBackOff: '5 minutes' } as const

/**
 * Time and tries of each step, unless the request says otherwise. Not retried, whatever stands here: a failure that says of
 * itself that no retry can heal it (`nonRetryable`; the diagnosis of a Job decides that, and the step's program).
 */
export const STEP_POLICIES: Readonly<Record<StepName, StepPolicy>> = {
  provision: { startToClose: '15 minutes', scheduleToClose: '1 hour', maximumTries: 3, ...QUICK },
  deployMysql: { startToClose: '15 minutes', scheduleToClose: '1 hour', maximumTries: 3, ...QUICK },
  loadSampleData: { startToClose: '2 hours', scheduleToClose: '6 hours', maximumTries: 3, ...QUICK },
  dump: { startToClose: '12 hours', scheduleToClose: '24 hours', maximumTries: 3, ...QUICK },
  upload: { startToClose: '12 hours', scheduleToClose: '24 hours', maximumTries: 5, ...REMOTE },
  // A try of it dumps again: so as many as a dump has, with the pauses that S3 and the network need.
  dumpAndUpload: { startToClose: '12 hours', scheduleToClose: '24 hours', maximumTries: 3, ...REMOTE },
  copy: { startToClose: '6 hours', scheduleToClose: '12 hours', maximumTries: 5, ...REMOTE },
  restore: { startToClose: '12 hours', scheduleToClose: '24 hours', maximumTries: 3, ...REMOTE },
  verify: { startToClose: '6 hours', scheduleToClose: '12 hours', maximumTries: 3, ...QUICK },
  findBackup: { startToClose: '15 minutes', scheduleToClose: '1 hour', maximumTries: 5, ...REMOTE },
  swap: { startToClose: '2 hours', scheduleToClose: '6 hours', maximumTries: 3, ...QUICK },
  deployScratch: { startToClose: '15 minutes', scheduleToClose: '1 hour', maximumTries: 3, ...QUICK },
}

/** What Temporal's UI says of each step beside its name. */
const STEP_SUMMARIES: Readonly<Record<StepName, string>> = {
  provision: 'Have Terraform make the bucket and the roles, or find them as they should be',
  deployMysql: 'Have MySQL up and answering',
  loadSampleData: 'Load the data that are to be backed up, unless they are there',
  dump: 'Dump all schemas in one snapshot, and take their fingerprint in it',
  upload: 'Upload the dump to backup1/',
  dumpAndUpload: 'Dump all schemas in one snapshot, take their fingerprint, upload to backup1/',
  copy: 'Have S3 copy it to backup2/, and write the record',
  restore: 'Restore from the copy into other schemas',
  verify: 'Compare what came back with what was dumped, table by table',
  findBackup: 'Find out which backup is meant',
  swap: 'Exchange the schemas for the restored ones',
  deployScratch: 'Have a MySQL up that is there for this drill alone',
}

/** How many Jobs an undo may have. */
export const UNDO_TRIES = 5

/** For how long a Job may still be on its way when its own deadline has passed, in milliseconds. */
const BEYOND_DEADLINE = 600_000

/**
 * The options of a step's activity: its policy, and what the request sets otherwise. A Job whose deadline leaves it more time
 * than that is followed that long: whoever set the deadline meant it.
 */
export function stepOptions(step: StepName, override: StepOverride = {}, limits: JobLimits = {}): ActivityOptions {
  const policy = STEP_POLICIES[step]
  const startToClose = inMilliseconds(override.startToCloseSeconds) ?? msToNumber(policy.startToClose)
  const scheduleToClose = inMilliseconds(override.scheduleToCloseSeconds) ?? msToNumber(policy.scheduleToClose)
  const deadline = limits.deadlineSeconds === undefined ? 0 : limits.deadlineSeconds * 1000 + BEYOND_DEADLINE
  return {
    startToCloseTimeout: Math.max(startToClose, deadline),
    scheduleToCloseTimeout: Math.max(scheduleToClose, 2 * deadline),
    heartbeatTimeout: policy.heartbeat,
    retry: { initialInterval: policy.backOff, backoffCoefficient: 2, maximumInterval: policy.maximumBackOff },
    // The step's Job is gone when its cancellation is reported: nothing is undone while it is still being made.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    summary: STEP_SUMMARIES[step],
  }
}

export const UNDO_OPTIONS: ActivityOptions = {
  startToCloseTimeout: '30 minutes',
  scheduleToCloseTimeout: '2 hours',
  heartbeatTimeout: HEARTBEAT,
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
}

function inMilliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000
}
