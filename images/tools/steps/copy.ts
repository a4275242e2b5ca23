import { z } from 'zod'
import { copyAnswerSchema } from '../../../src/domain/step-answers.ts'
import { openStore } from '../catalog/open-store.ts'
import { sealBackup } from '../catalog/seal-backup.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { backupPrefix, checkFolder, copyFolder, measureFolder, remotePath } from '../s3/rclone.ts'
import { bytesThroughPod } from '../s3/rclone-log.ts'

const environment = z.object({
  BACKUP_ID: settings.backupId,
  BUCKET: settings.bucket,
  /** What the record says of the pipeline, as JSON. */
  ORIGIN: settings.origin,
})

await runStep({ name: 'copy', environment, answer: copyAnswerSchema() }, async (variables, context) => {
  const source = remotePath(variables.BUCKET, backupPrefix('backup1', variables.BACKUP_ID))
  const prefix = backupPrefix('backup2', variables.BACKUP_ID)
  const target = remotePath(variables.BUCKET, prefix)
  const stats = await copyFolder(source, target, context)
  const transferredBytes = bytesThroughPod(stats)
  if (transferredBytes > 0) throw notByS3(source, transferredBytes)
  await checkFolder(source, target, context)
  const { objects, bytes } = await measureFolder(target, context.children)
  if (objects === 0) throw nothingThere(source)
  const record = await sealBackup(await openStore(variables.BUCKET), variables.BACKUP_ID, variables.ORIGIN)
  context.log(`The backup is complete: ${record} was written.`)
  return { prefix, record, objects, bytes, transferredBytes, serverSideCopies: stats.serverSideCopies }
})

function notByS3(source: string, bytes: number): StepError {
  return new StepError({
    type: 'NotServerSide',
    message: `S3 did not copy ${source} by itself: ${bytes} bytes went through the pod.`,
    remedy: 'See whether the endpoint can copy objects (CopyObject, UploadPartCopy).',
    retryable: false,
  })
}

function nothingThere(source: string): StepError {
  return new StepError({
    type: 'BackupMissing',
    message: `There is nothing in ${source} to copy.`,
    remedy: 'Upload the dump again.',
    retryable: false,
  })
}
