import { Worker } from '@temporalio/worker'
import type { Dependencies } from '../activities/dependencies.ts'
import { createActivities } from '../activities/index.ts'
import type { TemporalConnection } from './connect-temporal.ts'
import type { Tracing } from './tracing.ts'
import { workflowBundle } from './workflow-bundle.ts'

/**
 * From the order to stop until activities are told: each sends a heartbeat every 5 s (src/activities/run-job.ts), and the SDK
 * holds it back for HEARTBEAT_THROTTLE at most. So the next attempt knows how far this one was.
 */
const SHUTDOWN_GRACE = '8 seconds'
/** From the order to stop until an activity that has not ended is left behind. */
const SHUTDOWN_FORCE = '20 seconds'
/** Following a Job costs next to nothing: far more at a time than the SDK's default of 100. */
const CONCURRENT_ACTIVITIES = 2000
/**
 * A pipeline does something every few minutes, and is brought back from its history in milliseconds: what is kept are those that begin, or
 * come to their next step. Each that is kept takes about half a megabyte.
 */
const CACHED_WORKFLOWS = 80
/**
 * Otherwise the SDK holds heartbeats back for most of their timeout, and with them both a step's progress and the news that
 * its pipeline was cancelled.
 */
const HEARTBEAT_THROTTLE = '2 seconds'

/** A worker that does not poll yet. Its shutdown ends within SHUTDOWN_FORCE, well below Kubernetes' 30 s. */
export async function createWorker(
  { connection, namespace }: TemporalConnection,
  dependencies: Dependencies,
  tracing?: Tracing,
): Promise<Worker> {
  return await Worker.create({
    connection,
    namespace,
    taskQueue: dependencies.config.taskQueue,
    workflowBundle: await workflowBundle(tracing ? 'traced' : 'untraced'),
    activities: createActivities(dependencies),
    maxConcurrentActivityTaskExecutions: CONCURRENT_ACTIVITIES,
    maxCachedWorkflows: CACHED_WORKFLOWS,
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: SHUTDOWN_FORCE,
    ...tracing?.workerOptions,
  })
}
