import { metricMeter } from '@temporalio/activity'
import { METRICS } from '../domain/metrics.ts'
import type { JobPurpose } from '../domain/steps.ts'
import type { JobFailure } from '../kubernetes/job-failure.ts'
import { addTo } from '../temporal/instruments.ts'

/** A Job has given its answer. */
export function countComplete(purpose: JobPurpose): void {
  addTo(metricMeter, METRICS.jobs, 1, { purpose, outcome: 'complete' })
}

/** A Job came to nothing. */
export function countFailed(purpose: JobPurpose, { type, retryable }: JobFailure): void {
  addTo(metricMeter, METRICS.jobs, 1, { purpose, outcome: type })
  if (retryable) addTo(metricMeter, METRICS.jobRetries, 1, { purpose })
}
