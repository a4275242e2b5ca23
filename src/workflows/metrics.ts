import { metricMeter } from '@temporalio/workflow'
import { type Database, databaseName } from '../domain/database-name.ts'
import { METRICS } from '../domain/metrics.ts'
import type { StepName } from '../domain/steps.ts'
import { addTo, recordSeconds } from '../temporal/instruments.ts'

/*
 * What workflows count. The SDK counts nothing while it replays, and adds namespace, task queue and the workflow's type; none of it is a
 * command, so that none of it is in a history.
 */

/** A workflow ends. */
export function countEnd(outcome: 'proven' | 'done' | 'failed' | 'cancelled'): void {
  addTo(metricMeter, METRICS.workflows, 1, { outcome })
}

/** A step has ended. */
export function countStep(step: StepName, outcome: 'done' | 'failed', seconds: number): void {
  // The clock of Temporal's server may be set back.
  recordSeconds(metricMeter, METRICS.stepDuration, Math.max(0, seconds), { step, outcome })
}

/** A database is in S3. */
export function countUpload(of: Database, { rows, bytes }: { readonly rows: number; readonly bytes: number }): void {
  const database = databaseName(of)
  addTo(metricMeter, METRICS.dumpedRows, rows, { database })
  addTo(metricMeter, METRICS.uploadedBytes, bytes, { database })
}

/** A pruning has deleted backups. */
export function countPruned(bucket: string, backups: number): void {
  addTo(metricMeter, METRICS.prunedBackups, backups, { bucket })
}
