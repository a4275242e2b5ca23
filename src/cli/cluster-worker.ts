import { clusterWorkerUp, LAB_WORKER, stopClusterWorker } from '../../lab/cluster-worker.ts'
import type { LabFile } from '../../lab/lab-file.ts'
import type { LabProgress } from '../../lab/progress.ts'
import type { WorkerProcess } from './worker-process.ts'

/** Starts the worker in the lab's cluster and returns when it is ready. One that fails there, Kubernetes starts anew. */
export async function startClusterWorker(lab: LabFile, onProgress: LabProgress): Promise<WorkerProcess> {
  const stop = async () => await stopClusterWorker(lab, LAB_WORKER.controlNamespace)
  await clusterWorkerUp(lab, LAB_WORKER, onProgress).catch(async (error: unknown) => {
    // It would take the tasks of the next command's worker, once it can. Why it is not ready is what is told.
    await stop().catch(() => undefined)
    throw error
  })
  return { failed: new Promise(() => undefined), stop }
}
