import { copyAnswerSchema } from '../domain/step-answers.ts'
import type { StepActivities } from '../domain/step-inputs.ts'
import type { Dependencies } from './dependencies.ts'
import { runJob } from './run-job.ts'

/** Has S3 copy `backup1/<backup id>/` to `backup2/<backup id>/` and rclone check the copy. */
export function createCopy({ config, runner }: Dependencies): StepActivities['copy'] {
  return async ({ namespace, backupId, bucket, ...policy }) =>
    await runJob(runner, policy, {
      purpose: 'copy',
      manifest: 'copy',
      settings: { namespace, image: config.images.tools, env: { BACKUP_ID: backupId, BUCKET: bucket } },
      answer: copyAnswerSchema,
    })
}
