import type { Worker } from '@temporalio/worker'
import type { Logger } from 'pino'
import type { WorkerConfig } from '../config.ts'
import { JobRunner } from '../kubernetes/job-runner.ts'
import { connectCheckedKubernetes } from './connect-kubernetes.ts'
import { connectTemporal, type TemporalConnection } from './connect-temporal.ts'
import { createWorker } from './create-worker.ts'
import { Health } from './health.ts'
import { startHealthServer } from './health-server.ts'
import { assertNotifySettings } from './notify-settings.ts'
import { ReportMaker } from './report-maker.ts'
import type { Tracing } from './tracing.ts'

/** A worker to which only the order to poll is missing, and what it holds open. */
export interface PreparedWorker {
  readonly worker: Worker
  readonly temporal: TemporalConnection
  readonly runner: JobRunner
  /** Absent where nothing is traced. */
  readonly tracing?: Tracing
}

/**
 * Opens the health endpoints before anything is connected to, so that a probe is answered while the rest is checked and connected to.
 *
 * @throws {Refusal} something that the worker needs is not there: nothing has been polled for
 */
export async function prepareWorker(config: WorkerConfig, logger: Logger): Promise<PreparedWorker> {
  await assertNotifySettings(config)
  const health = new Health()
  if (config.healthPort !== undefined) {
    const port = await startHealthServer(health, config.healthPort, reportsOf(config, logger))
    logger.info({ port }, 'Health endpoints open')
  }
  const temporal = await connectTemporal()
  const kubernetes = await connectCheckedKubernetes(config)
  const runner = new JobRunner(kubernetes)
  // OpenTelemetry is loaded only where it is wanted: it takes memory.
  const tracing = config.tracing ? (await import('./tracing.ts')).startTracing(logger) : undefined
  const worker = await createWorker(temporal, { config, kubernetes, runner }, tracing)
  health.follow(worker, temporal.connection)
  return { worker, temporal, runner, ...(tracing && { tracing }) }
}

function reportsOf({ reportBucket: bucket, taskQueue }: WorkerConfig, logger: Logger): ReportMaker | undefined {
  return bucket === undefined ? undefined : new ReportMaker({ bucket, taskQueue }, logger)
}
