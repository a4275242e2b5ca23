import { join } from 'node:path'
import { z } from 'zod'
import { dumpAndUploadAnswerSchema } from '../../../src/domain/step-answers.ts'
import { dumpAnswer } from '../dump/dump-answer.ts'
import { readWholeDump } from '../dump/dump-manifest.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { clearUpload } from '../s3/clear-upload.ts'
import { dumpNotWhole, uploadFolder } from '../s3/upload-folder.ts'

const environment = z.object({
  BACKUP_ID: settings.backupId,
  BUCKET: settings.bucket,
  BACKUP_DIRECTORY: z.string().prefault('/backup'),
})

/** Uploads what was dumped in the same pod before, and answers for both. */
await runStep({ name: 'upload', environment, answer: dumpAndUploadAnswerSchema() }, async (variables, context) => {
  const { BACKUP_ID: backupId, BUCKET: bucket } = variables
  const folder = join(variables.BACKUP_DIRECTORY, backupId)
  const manifest = await readWholeDump(folder)
  if (typeof manifest === 'string') throw dumpNotWhole(folder, manifest)
  await clearUpload(bucket, backupId, context)
  return { dump: dumpAnswer(manifest), upload: await uploadFolder(folder, bucket, backupId, context) }
})
