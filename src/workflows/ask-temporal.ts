import type { ActivityOptions } from '@temporalio/workflow'

/**
 * Of an activity that asks something of Temporal, without which a workflow ends as it would have. Its tries are counted as well: 15 of them
 * take more than the five minutes, but Temporal's server that skips time was once seen to try 10,000 times without end, on a busy machine.
 */
export const ASK_TEMPORAL: Omit<ActivityOptions, 'summary'> = {
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '5 minutes',
  retry: { maximumInterval: '30 seconds', maximumAttempts: 15 },
}
