import { setTimeout as sleep } from 'node:timers/promises'
import { GracefulShutdownPeriodExpiredError } from '@temporalio/worker'
import type { Logger } from 'pino'
import type { WorkerConfig } from '../config.ts'
import { type PreparedWorker, prepareWorker } from './prepare-worker.ts'
import { publishMetrics } from './publish-metrics.ts'

/**
 * From the order to stop until the process ends, whatever still hangs: later than the SDK's own end of its patience
 * (create-worker.ts), and before Kubernetes kills the pod after 30 s.
 */
const STOP_MILLISECONDS = 25_000

/**
 * Runs a worker until it is told to stop: Jobs go on, and another worker follows them. A worker that is told to stop while it
 * still starts does so at once.
 *
 * @throws {Refusal} something that it needs is not there
 * @throws what ended the worker, where nobody told it to stop
 */
export async function runWorker(config: WorkerConfig, logger: Logger, stop: AbortSignal): Promise<void> {
  const prepared = await Promise.race([prepareWorker(config, logger), ordered(stop)])
  if (!prepared) return
  const ended = pollUntilStopped(prepared, config, logger, stop).then(() => 'stopped' as const)
  if ((await Promise.race([ended, outOfTime(stop)])) === 'outOfTime') {
    logger.warn(`Not everything ended within ${STOP_MILLISECONDS / 1000} s: the process ends all the same`)
  }
}

async function pollUntilStopped(
  { worker, temporal, runner, tracing }: PreparedWorker,
  { taskQueue, metricsPort }: WorkerConfig,
  logger: Logger,
  stop: AbortSignal,
): Promise<void> {
  const running = worker.run()
  logger.info({ taskQueue }, 'Worker ready')
  const published = metricsPort === undefined ? undefined : publishMetrics(temporal, taskQueue, logger, stop)
  whenOrdered(stop, () => {
    logger.info({ signal: stop.reason }, 'Stopping: no new tasks; Jobs go on, and another worker follows them')
    if (worker.getState() === 'RUNNING') worker.shutdown()
  })
  try {
    await running
  } catch (error) {
    if (!(error instanceof GracefulShutdownPeriodExpiredError)) throw error
    logger.warn({ error }, 'An activity did not end in time: it is tried again when its heartbeat is missed')
  }
  await published
  await runner.stop()
  await tracing?.stop()
  await temporal.connection.close()
  logger.info('Worker stopped')
}

function whenOrdered(stop: AbortSignal, act: () => void): void {
  if (stop.aborted) act()
  else stop.addEventListener('abort', act, { once: true })
}

async function ordered(stop: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => whenOrdered(stop, resolve))
}

async function outOfTime(stop: AbortSignal): Promise<'outOfTime'> {
  await ordered(stop)
  return await sleep(STOP_MILLISECONDS, 'outOfTime')
}
