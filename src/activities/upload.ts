import { uploadAnswerSchema } from '../domain/step-answers.ts'
import type { StepActivities } from '../domain/step-inputs.ts'
import type { Dependencies } from './dependencies.ts'
import { runJob } from './run-job.ts'
import { stagingClaimOf } from './staging-claim.ts'

/** Uploads the dump to `backup1/<backup id>/` by rclone and has rclone check it. */
export function createUpload({ config, runner }: Dependencies): StepActivities['upload'] {
  return async ({ namespace, backupId, bucket, ...policy }) =>
    await runJob(runner, policy, {
      purpose: 'upload',
      manifest: 'upload',
      settings: {
        namespace,
        image: config.images.tools,
        env: { BACKUP_ID: backupId, BUCKET: bucket },
        stagingClaim: stagingClaimOf(backupId),
      },
      answer: uploadAnswerSchema(),
    })
}
