import { dumpAndUploadAnswerSchema } from '../domain/step-answers.ts'
import type { StepActivities } from '../domain/step-inputs.ts'
import { assertEncryption } from './assert-encryption.ts'
import type { Dependencies } from './dependencies.ts'
import { runJob } from './run-job.ts'

/** By where the dump lies. */
const MANIFESTS = { pod: 'dump-and-upload-in-pod', stream: 'dump-and-upload' } as const

/** Dumps the schemas in one snapshot within a pod, and uploads the dump from there to `backup1/<backup id>/`. */
export function createDumpAndUpload({ config, runner }: Dependencies): StepActivities['dumpAndUpload'] {
  return async ({ namespace, backupId, bucket, schemas, threads, staging, encryption = 'none', ...policy }) => {
    const result = await runJob(runner, policy, {
      purpose: 'dumpAndUpload',
      manifest: MANIFESTS[staging],
      settings: {
        namespace,
        image: config.images.tools,
        env: {
          BACKUP_ID: backupId,
          BUCKET: bucket,
          SCHEMAS: JSON.stringify(schemas),
          THREADS: String(threads),
          ENCRYPTION: encryption,
        },
      },
      answer: dumpAndUploadAnswerSchema,
    })
    assertEncryption(encryption, result.answer.dump, result.jobName)
    return result
  }
}
