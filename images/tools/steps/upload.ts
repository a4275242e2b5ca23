import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { uploadAnswerSchema } from '../../../src/domain/step-answers.ts'
import { assertNotSealed } from '../catalog/assert-not-sealed.ts'
import { backupObjects } from '../catalog/backup-objects.ts'
import { openStore } from '../catalog/open-store.ts'
import { MANIFEST_FILE, readWholeDump } from '../dump/dump-manifest.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { dumpNotWhole, uploadFolder } from '../s3/upload-folder.ts'

const environment = z.object({
  BACKUP_ID: settings.backupId,
  BUCKET: settings.bucket,
  BACKUP_DIRECTORY: z.string().prefault('/backup'),
})

await runStep({ name: 'upload', environment, answer: uploadAnswerSchema() }, async (variables, context) => {
  const folder = join(variables.BACKUP_DIRECTORY, variables.BACKUP_ID)
  const dump = await readWholeDump(folder)
  if (typeof dump === 'string') throw dumpNotWhole(folder, dump)
  const objects = backupObjects(dump, await readFile(join(folder, MANIFEST_FILE), 'utf8'))
  await assertNotSealed(await openStore(variables.BUCKET), variables.BACKUP_ID, objects)
  return await uploadFolder(folder, variables.BUCKET, variables.BACKUP_ID, context)
})
