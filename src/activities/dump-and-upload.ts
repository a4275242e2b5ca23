import { dumpAndUploadAnswerSchema } from '../domain/step-answers.ts'
import type { StepActivities } from '../domain/step-inputs.ts'
import type { Dependencies } from './dependencies.ts'
import { engineFor, imageOf } from './engine.ts'
import { runJob } from './run-job.ts'

/** By where the dump lies. */
const MANIFESTS = { pod: 'dump-and-upload-in-pod', stream: 'dump-and-upload' } as const

/** Dumps the schemas in one snapshot within a pod, and uploads the dump from there to `backup1/<backup id>/`. */
export function createDumpAndUpload({ config, runner }: Dependencies): StepActivities['dumpAndUpload'] {
  return async ({ namespace, backupId, bucket, schemas, threads, staging, engine: wanted, ...policy }) => {
    const engine = engineFor(config, wanted, staging)
    const env = { BACKUP_ID: backupId, BUCKET: bucket, SCHEMAS: JSON.stringify(schemas), THREADS: String(threads) }
    return await runJob(runner, policy, {
      purpose: 'dumpAndUpload',
      manifest: MANIFESTS[staging],
      settings: {
        namespace,
        image: imageOf(config, engine),
        // What is uploaded while it is dumped is dumped by mysqldump, and is not asked.
        env: staging === 'pod' ? { ...env, ENGINE: engine } : env,
      },
      answer: dumpAndUploadAnswerSchema,
    })
  }
}
