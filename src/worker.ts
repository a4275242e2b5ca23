import { readConfig, type WorkerConfig } from './config.ts'
import { installRuntime } from './worker/install-runtime.ts'
import { createLogger } from './worker/logger.ts'
import { Refusal } from './worker/refusal.ts'
import { rootMessage } from './worker/root-message.ts'
import { runWorker } from './worker/run-worker.ts'
import { listenForStopSignals } from './worker/stop-signals.ts'

const FAILED = 1

/** Runs a worker and returns the process' exit code: 0 where it was told to stop. */
async function main(environment: NodeJS.ProcessEnv): Promise<number> {
  const stop = listenForStopSignals()
  let logger = createLogger('info')
  try {
    const config = readSettings(environment)
    logger = createLogger(config.logLevel)
    installRuntime(logger, config.metricsPort)
    await runWorker(config, logger, stop)
    return 0
  } catch (error) {
    if (error instanceof Refusal) logger.fatal(error.message)
    else logger.fatal({ error }, `The worker has failed: ${rootMessage(error)}`)
    return FAILED
  }
}

function readSettings(environment: NodeJS.ProcessEnv): WorkerConfig {
  try {
    return readConfig(environment)
  } catch (error) {
    throw new Refusal(
      'its environment is wrong',
      rootMessage(error),
      'Set these variables where it is started: docs/operations.md says what each is for.',
    )
  }
}

// Not left to Node: an activity that does not end would keep the process.
process.exit(await main(process.env))
