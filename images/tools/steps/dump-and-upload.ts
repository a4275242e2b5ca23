import { join } from 'node:path'
import { z } from 'zod'
import { accountsSchema } from '../../../src/domain/backup-request.ts'
import { dumpAndUploadAnswerSchema } from '../../../src/domain/step-answers.ts'
import { dumpAnswer } from '../dump/dump-answer.ts'
import { MANIFEST_FILE } from '../dump/dump-manifest.ts'
import { takeDump } from '../dump/take-dump.ts'
import { encryptionVariables, findRecipients } from '../encryption/recipients.ts'
import { runStep } from '../job/run-step.ts'
import { settings, wholeNumber } from '../job/settings.ts'
import { mysqlVariables, readAccount } from '../mysql/settings.ts'
import { clearUpload } from '../s3/clear-upload.ts'
import { backupPrefix, remotePath, TRANSFERS } from '../s3/rclone.ts'
import { withRcloneRcd } from '../s3/rclone-rcd.ts'
import { checkUpload } from '../s3/upload-folder.ts'
import { UploadQueue } from '../s3/upload-queue.ts'

/** More than a dump has that is uploaded afterwards: what is finished last is uploaded while nothing is dumped any more. */
const FILES_PER_THREAD = 9

const environment = z.object({
  ...mysqlVariables,
  ...encryptionVariables,
  BACKUP_ID: settings.backupId,
  BUCKET: settings.bucket,
  SCHEMAS: settings.schemas,
  THREADS: settings.threads,
  ACCOUNTS: accountsSchema().prefault('leave'),
  /** For how many seconds writes may stand still at most, before the dump is given up. */
  LOCK_SECONDS: wholeNumber(1, 3600).prefault('30'),
  BACKUP_DIRECTORY: z.string().prefault('/backup'),
})

/**
 * Dumps, and uploads each file as soon as it is finished. The files stay where they are until the upload was checked against them.
 * Whichever of the two fails ends the other.
 */
await runStep(
  { name: 'dump-and-upload', environment, answer: dumpAndUploadAnswerSchema() },
  async (variables, context) => {
    const { BACKUP_ID: backupId, BUCKET: bucket } = variables
    const account = await readAccount(variables)
    const recipientsFile = await findRecipients(variables, context.children)
    const folder = join(variables.BACKUP_DIRECTORY, backupId)
    const prefix = backupPrefix('backup1', backupId)
    // Before the dump: what keeps this pod from S3 shows here.
    await clearUpload(bucket, backupId, context)

    return await withRcloneRcd(context.children, async (rclone) => {
      const target = remotePath(bucket, prefix)
      const uploads = new UploadQueue(TRANSFERS, (file) => rclone.upload(folder, target, file))
      const progressOf = async (totalBytes: number) => ({ bytes: await rclone.readBytes(), totalBytes })
      const dumping = takeDump(
        {
          account,
          backupId,
          folder,
          recipientsFile,
          schemas: variables.SCHEMAS,
          threads: variables.THREADS,
          accounts: variables.ACCOUNTS,
          lockSeconds: variables.LOCK_SECONDS,
          filesPerThread: FILES_PER_THREAD,
          onFile: (path) => uploads.add(path),
          progressOf,
        },
        context,
      )
      const manifest = await Promise.race([dumping, uploads.failed])
      const dump = dumpAnswer(manifest)
      await context.progress.during(uploads.drain(), () => progressOf(dump.bytes))
      // Last: a folder without it is no dump.
      uploads.add(MANIFEST_FILE)
      await uploads.drain()
      // By size: the folder in the bucket was empty, and S3 has compared the MD5 of each file as it came there. To read all of
      // them once more would be time that nothing overlaps.
      const upload = await checkUpload(folder, bucket, prefix, await rclone.readBytes(), context, 'size')
      return { dump, upload }
    })
  },
)
