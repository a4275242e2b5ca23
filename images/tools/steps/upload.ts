import { join } from 'node:path'
import { z } from 'zod'
import { uploadAnswerSchema } from '../../../src/domain/step-answers.ts'
import { readWholeDump } from '../dump/dump-manifest.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { backupPrefix, checkFolder, copyFolder, measureFolder, remotePath } from '../s3/rclone.ts'
import { bytesThroughPod } from '../s3/rclone-log.ts'

const environment = z.object({
  BACKUP_ID: settings.backupId,
  BUCKET: settings.bucket,
  BACKUP_DIRECTORY: z.string().prefault('/backup'),
})

await runStep({ name: 'upload', environment, answer: uploadAnswerSchema }, async (variables, context) => {
  const folder = join(variables.BACKUP_DIRECTORY, variables.BACKUP_ID)
  const dump = await readWholeDump(folder)
  if (typeof dump === 'string') throw notWhole(folder, dump)
  const prefix = backupPrefix('backup1', variables.BACKUP_ID)
  const target = remotePath(variables.BUCKET, prefix)
  const stats = await copyFolder(folder, target, context)
  await checkFolder(folder, target, context)
  const { objects, bytes } = await measureFolder(target, context.children)
  return { prefix, objects, bytes, transferredBytes: bytesThroughPod(stats) }
})

function notWhole(folder: string, why: string): StepError {
  return new StepError({
    type: 'DumpNotWhole',
    message: `${folder} holds no whole dump. ${why}`,
    remedy: 'Dump again: nothing was uploaded.',
    retryable: false,
  })
}
