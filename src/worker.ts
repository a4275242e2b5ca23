import { fileURLToPath } from 'node:url'
import { loadClientConnectConfig } from '@temporalio/envconfig'
import { NativeConnection, Worker } from '@temporalio/worker'
import { createActivities } from './activities/index.ts'
import { readConfig } from './config.ts'
import { JobRunner } from './kubernetes/job-runner.ts'
import { connectKubernetes } from './kubernetes/kubernetes-client.ts'

const SHUTDOWN_GRACE = '10 seconds'
const SHUTDOWN_FORCE = '20 seconds'
/** Following a Job costs next to nothing: far more at a time than the SDK's default of 100. */
const CONCURRENT_ACTIVITIES = 500
/**
 * Otherwise the SDK holds heartbeats back for most of their timeout, and with them both a step's progress and the news that
 * its pipeline was cancelled.
 */
const HEARTBEAT_THROTTLE = '2 seconds'

/** Runs a worker until it is told to stop by SIGTERM or SIGINT: Jobs go on, and another worker follows them. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const { namespace, connectionOptions } = loadClientConnectConfig()
  const connection = await NativeConnection.connect(connectionOptions)
  const kubernetes = connectKubernetes()
  const runner = new JobRunner(kubernetes)
  try {
    const worker = await Worker.create({
      connection,
      ...(namespace !== undefined && { namespace }),
      taskQueue: config.taskQueue,
      workflowsPath: fileURLToPath(new URL('workflows/index.ts', import.meta.url)),
      activities: createActivities({ config, kubernetes, runner }),
      maxConcurrentActivityTaskExecutions: CONCURRENT_ACTIVITIES,
      maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
      shutdownGraceTime: SHUTDOWN_GRACE,
      shutdownForceTime: SHUTDOWN_FORCE,
    })
    process.stderr.write(`Worker ready: task queue ${config.taskQueue}\n`)
    await worker.run()
  } finally {
    await runner.stop()
    await connection.close()
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`The worker cannot run: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
