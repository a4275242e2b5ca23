import { z } from 'zod'
import { restoreAnswerSchema } from '../../../src/domain/step-answers.ts'
import { openStore } from '../catalog/open-store.ts'
import { bytesOf } from '../dump/dump-manifest.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { mysqlVariables, readAccount } from '../mysql/settings.ts'
import { openBackup } from '../restore/open-backup.ts'
import { restoreSchemas } from '../restore/restore-schemas.ts'

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
  const { BACKUP_ID: backupId, COPY: copy, SCHEMA_MAPPING: mapping, THREADS: threads } = variables
  const tables: Readonly<Record<string, readonly string[]>> = variables.TABLES
  const account = await readAccount(variables)
  const [store, scratch] = [await openStore(variables.BUCKET), variables.SCRATCH_DIRECTORY]
  const { manifest, files } = await openBackup({ store, backupId, copy, scratch, threads }, context.children)
  const restoration = { purpose: variables.PURPOSE, runId: variables.PIPELINE.runId }
  await restoreSchemas({ account, files, manifest, mapping, tables, restoration, threads }, context)
  const counts = Object.keys(mapping).map((schema) => tables[schema]?.length ?? manifest.schemas[schema]?.tables ?? 0)
  return {
    schemas: Object.values(mapping),
    tables: counts.reduce((sum, count) => sum + count, 0),
    bytes: bytesOf(manifest),
  }
})
