import type { z } from 'zod'
import type { backupOriginSchema } from '../domain/backup-record.ts'
import { copyAnswerSchema } from '../domain/step-answers.ts'
import type { CopyInput, StepActivities } from '../domain/step-inputs.ts'
import type { Dependencies } from './dependencies.ts'
import { currentPipeline, runJob } from './run-job.ts'

/**
 * Has S3 copy `backup1/<backup id>/` to `backup2/<backup id>/` and rclone check the copy, and then writes the record: from then on
 * there is a backup.
 */
export function createCopy({ config, runner }: Dependencies): StepActivities['copy'] {
  return async ({ namespace, backupId, bucket, request, steps, ...policy }) => {
    const env = { BACKUP_ID: backupId, BUCKET: bucket, ORIGIN: JSON.stringify(originOf({ request, steps })) }
    return await runJob(runner, policy, {
      purpose: 'copy',
      manifest: 'copy',
      settings: { namespace, image: config.images.tools, env },
      answer: copyAnswerSchema(),
    })
  }
}

function originOf({
  request,
  steps,
}: Pick<CopyInput, 'request' | 'steps'>): z.input<ReturnType<typeof backupOriginSchema>> {
  return { pipeline: currentPipeline(), request, steps }
}
