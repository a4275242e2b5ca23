import { join } from 'node:path'
import { z } from 'zod'
import { restoreAnswerSchema } from '../../../src/domain/step-answers.ts'
import { openStore } from '../catalog/open-store.ts'
import { bytesOf, readWholeDump } from '../dump/dump-manifest.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { mysqlVariables, readAccount } from '../mysql/settings.ts'
import { assertAsRecorded } from '../restore/assert-as-recorded.ts'
import { restoreSchemas } from '../restore/restore-schemas.ts'
import { backupPrefix, copyFolder, remotePath } from '../s3/rclone.ts'

const environment = z.object({
  ...mysqlVariables,
  BACKUP_ID: settings.backupId,
  BUCKET: settings.bucket,
  SCHEMA_MAPPING: settings.schemaMapping,
  THREADS: settings.threads,
  SCRATCH_DIRECTORY: z.string().prefault('/scratch'),
})

await runStep({ name: 'restore', environment, answer: restoreAnswerSchema }, async (variables, context) => {
  const account = await readAccount(variables)
  const folder = join(variables.SCRATCH_DIRECTORY, variables.BACKUP_ID)
  const source = remotePath(variables.BUCKET, backupPrefix('backup2', variables.BACKUP_ID))
  await copyFolder(source, folder, context)
  await assertAsRecorded(await openStore(variables.BUCKET), variables.BACKUP_ID, folder)
  const manifest = await readWholeDump(folder)
  if (typeof manifest === 'string') throw notWhole(source, manifest)

  const mapping = variables.SCHEMA_MAPPING
  await restoreSchemas({ account, folder, manifest, mapping, threads: variables.THREADS }, context)
  const tables = Object.keys(mapping).reduce((sum, schema) => sum + (manifest.schemas[schema]?.tables ?? 0), 0)
  return { schemas: Object.values(mapping), tables, bytes: bytesOf(manifest) }
})

function notWhole(source: string, why: string): StepError {
  return new StepError({
    type: 'BackupNotWhole',
    message: `What was downloaded from ${source} is no whole backup. ${why}`,
    remedy: 'Compare it with backup1/ of the same backup; if that is whole, copy it again.',
    retryable: false,
  })
}
