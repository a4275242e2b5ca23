import type { Connection, WorkflowHandle } from '@temporalio/client'
import { Client } from '@temporalio/client'
import type { SpawnedWorker } from './spawned-worker.ts'
import { ownName, type WorkerLab } from './worker-lab.ts'

const started = new Set<WorkflowHandle>()

/**
 * Starts a pipeline whose first Job waits: its service account is missing in the test's own control namespace, so that no
 * pod of it is made.
 */
export async function startWaitingPipeline(connection: Connection, own: WorkerLab): Promise<WorkflowHandle> {
  const client = new Client({ connection, namespace: own.lab.temporal.namespace })
  const pipeline = await client.workflow.start('BackupPipeline', {
    taskQueue: own.namespace,
    workflowId: ownName(),
    args: [{ namespace: own.namespace }],
  })
  started.add(pipeline)
  return pipeline
}

/** Ends the pipelines that tests have started: none of them comes to an end by itself. */
export async function terminatePipelines(): Promise<void> {
  await Promise.all([...started].map(async (pipeline) => await pipeline.terminate()))
  started.clear()
}

/** Waits until the worker follows the pipeline's Job, and returns the Job's name. */
export async function followedJob(worker: SpawnedWorker): Promise<string> {
  const { job } = await worker.line('Following a Job')
  return String(job).split('/')[1] ?? ''
}
