import type { NativeConnection, Worker } from '@temporalio/worker'
import type { Logger } from 'pino'
import type { WorkerConfig } from '../config.ts'
import { JobRunner } from '../kubernetes/job-runner.ts'
import { connectCheckedKubernetes } from './connect-kubernetes.ts'
import { connectTemporal } from './connect-temporal.ts'
import { createWorker } from './create-worker.ts'
import { Health } from './health.ts'
import { startHealthServer } from './health-server.ts'
import { ReportMaker } from './report-maker.ts'

/** A worker to which only the order to poll is missing, and what it holds open. */
export interface PreparedWorker {
  readonly worker: Worker
  readonly connection: NativeConnection
  readonly runner: JobRunner
}

/**
 * Opens the health endpoints first, so that a probe is answered while the rest is checked and connected to.
 *
 * @throws {Refusal} something that the worker needs is not there: nothing has been polled for
 */
export async function prepareWorker(config: WorkerConfig, logger: Logger): Promise<PreparedWorker> {
  const health = new Health()
  if (config.healthPort !== undefined) {
    const port = await startHealthServer(health, config.healthPort, reportsOf(config, logger))
    logger.info({ port }, 'Health endpoints open')
  }
  const temporal = await connectTemporal()
  const kubernetes = await connectCheckedKubernetes(config)
  const runner = new JobRunner(kubernetes)
  const worker = await createWorker(temporal, { config, kubernetes, runner })
  health.follow(worker, temporal.connection)
  return { worker, connection: temporal.connection, runner }
}

function reportsOf({ reportBucket: bucket, taskQueue }: WorkerConfig, logger: Logger): ReportMaker | undefined {
  return bucket === undefined ? undefined : new ReportMaker({ bucket, taskQueue }, logger)
}
