import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { restoreAnswerSchema } from '../../../src/domain/step-answers.ts'
import { openStore } from '../catalog/open-store.ts'
import { bytesOf, MANIFEST_FILE, parseManifest } from '../dump/dump-manifest.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { mysqlVariables, readAccount } from '../mysql/settings.ts'
import { BackupFiles } from '../restore/backup-files.ts'
import { recordedObjects } from '../restore/recorded-objects.ts'
import { restoreSchemas } from '../restore/restore-schemas.ts'
import { backupPrefix, remotePath } from '../s3/rclone.ts'

const environment = z.object({
  ...mysqlVariables,
  BACKUP_ID: settings.backupId,
  BUCKET: settings.bucket,
  COPY: settings.copy,
  SCHEMA_MAPPING: settings.schemaMapping,
  TABLES: settings.tables,
  PURPOSE: settings.purpose,
  /** Whose restore it is. */
  PIPELINE: settings.pipeline,
  THREADS: settings.threads,
  SCRATCH_DIRECTORY: z.string().prefault('/scratch'),
})

await runStep({ name: 'restore', environment, answer: restoreAnswerSchema }, async (variables, context) => {
  const { BUCKET, BACKUP_ID: backupId, COPY, SCHEMA_MAPPING: mapping, THREADS: threads } = variables
  const chosen: Readonly<Record<string, readonly string[]>> = variables.TABLES
  const account = await readAccount(variables)
  const folder = join(variables.SCRATCH_DIRECTORY, backupId)
  await rm(folder, { recursive: true, force: true })
  const source = remotePath(BUCKET, backupPrefix(COPY, backupId))
  const objects = await recordedObjects(await openStore(BUCKET), backupId, COPY)
  const files = new BackupFiles(source, folder, objects, context.children, threads)
  const manifest = parseManifest(await readFile(await files.pathOf(MANIFEST_FILE), 'utf8'))
  if (typeof manifest === 'string') throw notWhole(source, manifest)

  const restoration = { purpose: variables.PURPOSE, runId: variables.PIPELINE.runId }
  await restoreSchemas({ account, files, manifest, mapping, tables: chosen, restoration, threads }, context)
  const counts = Object.keys(mapping).map((schema) => chosen[schema]?.length ?? manifest.schemas[schema]?.tables ?? 0)
  return {
    schemas: Object.values(mapping),
    tables: counts.reduce((sum, count) => sum + count, 0),
    bytes: bytesOf(manifest),
  }
})

function notWhole(source: string, why: string): StepError {
  return new StepError({
    type: 'BackupNotWhole',
    message: `What lies in ${source} is no backup that can be restored. ${why}`,
    remedy: 'Was it made by a later version of Holdfast? Then restore it by that.',
    retryable: false,
  })
}
