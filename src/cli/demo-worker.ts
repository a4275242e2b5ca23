import type { LabFile } from '../../lab/lab-file.ts'
import type { LabProgress } from '../../lab/progress.ts'
import { workerEnvironment } from '../../lab/worker-environment.ts'
import { startClusterWorker } from './cluster-worker.ts'
import { startWorker, type WorkerProcess } from './worker-process.ts'

/** Where a demo's worker runs: beside the command, or in the lab's cluster from its own image. */
export type DemoWorkerPlace = 'process' | 'cluster'

/** The worker of a demo, for as long as the demo runs; of docker-compose.yml, the one that runs already. */
export async function demoWorker(
  lab: LabFile,
  place: DemoWorkerPlace,
  onProgress: LabProgress,
): Promise<WorkerProcess> {
  if (lab.cluster === 'compose') {
    // Whether it answers was asked when the lab was looked at, and Docker starts it again where it ends.
    return { failed: new Promise<never>(() => undefined), stop: async () => undefined }
  }
  return place === 'cluster' ? await startClusterWorker(lab, onProgress) : await startWorker(workerEnvironment(lab))
}
