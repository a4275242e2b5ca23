import type { ActivityOptions } from '@temporalio/workflow'
import type { StepName } from '../domain/steps.ts'

interface StepPolicy {
  /** The longest that one attempt may follow the step's Job. */
  readonly startToClose: ActivityOptions['startToCloseTimeout'] & {}
  /** The longest for all attempts together: what bounds a step whose workers keep dying. */
  readonly scheduleToClose: ActivityOptions['scheduleToCloseTimeout'] & {}
  /** How many Jobs the step may have. An attempt that finds its Job again needs none. */
  readonly maximumTries: number
}

/** Time and tries of each step. A failure that no retry can heal ends its step at once, whatever stands here. */
export const STEP_POLICIES: Readonly<Record<StepName, StepPolicy>> = {
  provision: { startToClose: '15 minutes', scheduleToClose: '1 hour', maximumTries: 3 },
  deployMysql: { startToClose: '15 minutes', scheduleToClose: '1 hour', maximumTries: 3 },
  loadSampleData: { startToClose: '2 hours', scheduleToClose: '6 hours', maximumTries: 3 },
  dump: { startToClose: '12 hours', scheduleToClose: '24 hours', maximumTries: 3 },
  upload: { startToClose: '12 hours', scheduleToClose: '24 hours', maximumTries: 5 },
  copy: { startToClose: '6 hours', scheduleToClose: '12 hours', maximumTries: 5 },
  restore: { startToClose: '12 hours', scheduleToClose: '24 hours', maximumTries: 3 },
  verify: { startToClose: '6 hours', scheduleToClose: '12 hours', maximumTries: 3 },
}

/** How many Jobs an undo may have. */
export const UNDO_TRIES = 5

const HEARTBEAT_TIMEOUT = '30 seconds'
const RETRY = { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 minute' } as const

export function stepOptions(step: StepName): ActivityOptions {
  const { startToClose, scheduleToClose } = STEP_POLICIES[step]
  return {
    startToCloseTimeout: startToClose,
    scheduleToCloseTimeout: scheduleToClose,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: RETRY,
    // The step's Job is gone when its cancellation is reported: nothing is undone while it is still being made.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    summary: step,
  }
}

export const UNDO_OPTIONS: ActivityOptions = {
  startToCloseTimeout: '30 minutes',
  scheduleToCloseTimeout: '2 hours',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: RETRY,
}
