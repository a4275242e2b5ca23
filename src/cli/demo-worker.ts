import type { LabFile } from '../../lab/lab-file.ts'
import { workerEnvironment } from '../../lab/worker-environment.ts'
import { startWorker, type WorkerProcess } from './worker-process.ts'

/** The worker of a demo: one of this clone, for as long as the demo runs; of docker-compose.yml, the one that runs already. */
export async function demoWorker(lab: LabFile): Promise<WorkerProcess> {
  if (lab.cluster !== 'compose') return await startWorker(workerEnvironment(lab))
  // Whether it answers was asked when the lab was looked at, and Docker starts it again where it ends.
  return { failed: new Promise<never>(() => undefined), stop: async () => undefined }
}
