import { dumpAndUploadAnswerSchema } from '../domain/step-answers.ts'
import type { StepActivities } from '../domain/step-inputs.ts'
import { assertEncryption } from './assert-encryption.ts'
import type { Dependencies } from './dependencies.ts'
import { dumpEnvironment } from './dump.ts'
import { engineFor, imageOf } from './engine.ts'
import { runJob } from './run-job.ts'

/** By where the dump lies. */
const MANIFESTS = { pod: 'dump-and-upload-in-pod', stream: 'dump-and-upload' } as const

/** Dumps the schemas in one snapshot within a pod, and uploads the dump from there to `backup1/<backup id>/`. */
export function createDumpAndUpload({ config, runner }: Dependencies): StepActivities['dumpAndUpload'] {
  return async (input) => {
    const engine = engineFor(config, input)
    const result = await runJob(runner, input, {
      purpose: 'dumpAndUpload',
      manifest: MANIFESTS[input.staging],
      settings: {
        namespace: input.namespace,
        image: imageOf(config, engine),
        // What uploads files while it dumps is not asked.
        env: { ...dumpEnvironment(input), BUCKET: input.bucket, ...(input.staging === 'pod' && { ENGINE: engine }) },
      },
      answer: dumpAndUploadAnswerSchema(),
    })
    assertEncryption(input.encryption, result.answer.dump, result.jobName)
    return result
  }
}
