import { networkInterfaces } from 'node:os'
import { Runtime, type TelemetryOptions } from '@temporalio/worker'
import type { Logger } from 'pino'
import { METRICS, STEP_DURATION_BOUNDS } from '../domain/metrics.ts'
import { forTemporal } from './logger.ts'
import { Refusal } from './refusal.ts'
import { rootMessage } from './root-message.ts'

/**
 * Sets Temporal's SDK up for this process. It logs by our logger, as do its Rust core, activities and workflows; signals are not its
 * to handle. With a port it serves `/metrics` there, its own and Holdfast's.
 *
 * @throws {Refusal} the port cannot be had
 */
export function installRuntime(logger: Logger, metricsPort: number | undefined): void {
  try {
    Runtime.install({
      logger: forTemporal(logger),
      shutdownSignals: [],
      telemetryOptions: {
        logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
        ...(metricsPort !== undefined && { metrics: exporterAt(metricsPort) }),
      },
    })
  } catch (error) {
    throw new Refusal(
      `the metrics cannot be served at port ${metricsPort}`,
      rootMessage(error),
      'Set HOLDFAST_METRICS_PORT to a port that is free, or unset it: then there are none.',
    )
  }
}

function exporterAt(port: number): NonNullable<TelemetryOptions['metrics']> {
  return {
    prometheus: {
      bindAddress: `${anyAddress()}:${port}`,
      countersTotalSuffix: true,
      unitSuffix: true,
      useSecondsForDurations: true,
      histogramBucketOverrides: { [METRICS.stepDuration.name]: [...STEP_DURATION_BOUNDS] },
    },
  }
}

/** All addresses of the machine or the pod; where it has IPv6, that takes IPv4 as well. */
function anyAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return addresses.some(({ family }) => family === 'IPv6') ? '[::]' : '0.0.0.0'
}
