import { randomUUID } from 'node:crypto'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import { createActivities } from '../../src/activities/index.ts'
import type { Activities } from '../../src/domain/step-inputs.ts'
import { JobRunner } from '../../src/kubernetes/job-runner.ts'
import { connectKubernetes } from '../../src/kubernetes/kubernetes-client.ts'
import { workflowBundle } from '../../src/worker/workflow-bundle.ts'
import { configOf, type WholeLab } from './lab.ts'
import { quietRuntime } from './quiet-runtime.ts'

/** What workflows are run by in the lab: everything is the product's own. */
export interface WorkflowWorld {
  readonly lab: WholeLab
  readonly client: Client
  readonly nativeConnection: NativeConnection
  readonly runner: JobRunner
  /** Of the workers; absent for the lab's own. */
  readonly controlNamespace?: string
}

/** Connects to the lab's Temporal and Kubernetes, until it is closed. */
export async function openWorld(
  lab: WholeLab,
  controlNamespace?: string,
): Promise<{ world: WorkflowWorld; close: () => Promise<void> }> {
  quietRuntime()
  const address = lab.temporal.address
  const connection = await Connection.connect({ address })
  const nativeConnection = await NativeConnection.connect({ address })
  const runner = new JobRunner(connectKubernetes())
  const close = async () => {
    await runner.stop()
    await Promise.all([connection.close(), nativeConnection.close()])
  }
  const world = { lab, client: new Client({ connection }), nativeConnection, runner }
  return { world: { ...world, ...(controlNamespace !== undefined && { controlNamespace }) }, close }
}

/**
 * Runs a worker on a task queue of its own for as long as `during` takes.
 *
 * @param change activities that are to do something else beside
 */
export async function withWorker<Result>(
  { lab, nativeConnection, runner, controlNamespace }: WorkflowWorld,
  during: (taskQueue: string) => Promise<Result>,
  change: (activities: Activities) => Partial<Activities> = () => ({}),
): Promise<Result> {
  const taskQueue = `e2e-${randomUUID()}`
  const config = configOf(lab, taskQueue, controlNamespace)
  const activities = createActivities({ config, kubernetes: connectKubernetes(), runner })
  const worker = await Worker.create({
    connection: nativeConnection,
    taskQueue,
    workflowBundle: await workflowBundle(),
    activities: { ...activities, ...change(activities) },
  })
  return await worker.runUntil(() => during(taskQueue))
}

/** Runs a workflow to its end on a worker of its own. */
export async function runWorkflow<Result>(
  world: WorkflowWorld,
  type: string,
  input: unknown,
  change?: (activities: Activities) => Partial<Activities>,
): Promise<{ readonly result: Result; readonly history: string }> {
  const during = async (taskQueue: string) => {
    const handle = await world.client.workflow.start(type, { taskQueue, workflowId: taskQueue, args: [input] })
    const result: Result = await handle.result()
    return { result, history: JSON.stringify(await handle.fetchHistory()) }
  }
  return await withWorker(world, during, change)
}
