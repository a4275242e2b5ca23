import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@temporalio/client'
import type { MetricMeter } from '@temporalio/common'
import { Runtime } from '@temporalio/worker'
import type { Logger } from 'pino'
import { METRICS } from '../domain/metrics.ts'
import { ALL_STEPS } from '../domain/steps.ts'
import { addTo, setTo } from '../temporal/instruments.ts'
import type { TemporalConnection } from './connect-temporal.ts'
import { DatabaseGauges } from './database-gauges.ts'
import { rootMessage } from './root-message.ts'

const REFRESH_MILLISECONDS = 60_000
const ANSWER_MILLISECONDS = 30_000

/** How each workflow may end. */
const ENDS = {
  BackupPipeline: ['proven', 'failed', 'cancelled'],
  RestoreBackup: ['proven', 'failed', 'cancelled'],
  DrillBackup: ['proven', 'failed', 'cancelled'],
  PruneBackups: ['done', 'failed', 'cancelled'],
} as const

/** Shows what a worker knows of itself, and keeps showing what Temporal's lists say, until it is told to stop. */
export async function publishMetrics(
  { connection, namespace }: TemporalConnection,
  taskQueue: string,
  logger: Logger,
  stop: AbortSignal,
): Promise<void> {
  // The labels that the SDK gives to what its worker counts.
  const meter = Runtime.instance().metricMeter.withTags({ namespace, taskQueue })
  setTo(meter, METRICS.workerStartedAt, Date.now() / 1000, {})
  showZeros(meter)
  const gauges = new DatabaseGauges(new Client({ connection, namespace }), taskQueue, meter)
  while (!stop.aborted) {
    try {
      await connection.withAbortSignal(stop, () =>
        connection.withDeadline(Date.now() + ANSWER_MILLISECONDS, () => gauges.refresh()),
      )
    } catch (error) {
      if (stop.aborted) return
      logger.warn({ why: rootMessage(error) }, "Temporal's lists could not be read: the metrics show what was before")
    }
    // Rejected when it is told to stop.
    await sleep(REFRESH_MILLISECONDS, undefined, { signal: stop }).catch(() => undefined)
  }
}

/** Shown from the start, so that Prometheus sees the first one of each as an increase. */
function showZeros(meter: MetricMeter): void {
  for (const [workflowType, outcomes] of Object.entries(ENDS)) {
    for (const outcome of outcomes) addTo(meter.withTags({ workflowType }), METRICS.workflows, 0, { outcome })
  }
  // A step's activity has the step's name.
  for (const step of ALL_STEPS) addTo(meter.withTags({ activityType: step }), METRICS.jobRetries, 0, { purpose: step })
}
