import { z } from 'zod'
import { restoreAnswerSchema } from '../../../src/domain/step-answers.ts'
import { openStore } from '../catalog/open-store.ts'
import { bytesOf } from '../dump/dump-manifest.ts'
import { identityVariables } from '../encryption/identity.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { mysqlVariables, readAccount } from '../mysql/settings.ts'
import { openBackup } from '../restore/open-backup.ts'
import { restoreSchemas } from '../restore/restore-schemas.ts'

const environment = z.object({
  ...mysqlVariables,
  ...identityVariables,
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

await runStep({ name: 'restore', environment, answer: restoreAnswerSchema() }, async (variables, context) => {
  const { BACKUP_ID: backupId, COPY: copy, SCHEMA_MAPPING: mapping, THREADS: threads } = variables
  const tables: Readonly<Record<string, readonly string[]>> = variables.TABLES
  const account = await readAccount(variables)
  const { manifest, files, identityFile } = await openBackup(
    {
      store: await openStore(variables.BUCKET),
      backupId,
      copy,
      scratch: variables.SCRATCH_DIRECTORY,
      identityFile: variables.AGE_IDENTITY_FILE,
      threads,
    },
    context.children,
  )
  const restoration = { purpose: variables.PURPOSE, runId: variables.PIPELINE.runId }
  await restoreSchemas({ account, files, manifest, identityFile, mapping, tables, restoration, threads }, context)
  const counts = Object.keys(mapping).map((schema) => tables[schema]?.length ?? manifest.schemas[schema]?.tables ?? 0)
  return {
    schemas: Object.values(mapping),
    tables: counts.reduce((sum, count) => sum + count, 0),
    bytes: bytesOf(manifest),
  }
})
