import type { Connection, WorkflowHandle } from '@temporalio/client'
import { Client } from '@temporalio/client'
import type { SpawnedWorker } from './spawned-worker.ts'
import { ownName, type WorkerLab } from './worker-lab.ts'

/**
 * Starts a pipeline whose first Job waits: its service account is missing in the test's own control namespace, so that no
 * pod of it is made.
 */
export async function startWaitingPipeline(connection: Connection, own: WorkerLab): Promise<WorkflowHandle> {
  const client = new Client({ connection, namespace: own.lab.temporal.namespace })
  return await client.workflow.start('BackupPipeline', {
    taskQueue: own.namespace,
    workflowId: ownName(),
    args: [{ namespace: own.namespace }],
  })
}

/** Waits until the worker follows the pipeline's Job, and returns the Job's name. */
export async function followedJob(worker: SpawnedWorker): Promise<string> {
  const { job } = await worker.line('Following a Job')
  return String(job).split('/')[1] ?? ''
}
