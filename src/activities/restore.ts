import { restoreAnswerSchema } from '../domain/step-answers.ts'
import type { RestoreInput, StepActivities } from '../domain/step-inputs.ts'
import type { Dependencies } from './dependencies.ts'
import { imageOf } from './engine.ts'
import { mysqlSettings } from './mysql-settings.ts'
import { currentPipeline, runJob } from './run-job.ts'

/** Downloads one copy of a backup and loads it, while it comes, into schemas that are made for it. */
export function createRestore({ config, runner }: Dependencies): StepActivities['restore'] {
  return async (input) => {
    const mysql = mysqlSettings(input.server)
    const env = { ...mysql.env, ...restoreEnvironment(input), PURPOSE: input.purpose ?? 'proof' }
    return await runJob(runner, input, {
      purpose: 'restore',
      manifest: 'restore',
      settings: { ...mysql, namespace: input.namespace, image: imageOf(config, input.engine), env },
      answer: restoreAnswerSchema(),
    })
  }
}

/** What the Jobs of restore and verify are told alike: which backup, which schema became which, and by whom. */
export function restoreEnvironment(input: RestoreInput): Record<string, string> {
  return {
    BACKUP_ID: input.backupId,
    BUCKET: input.bucket,
    COPY: input.copy ?? 'backup2',
    SCHEMA_MAPPING: JSON.stringify(input.schemaMapping),
    TABLES: JSON.stringify(input.tables ?? {}),
    PIPELINE: JSON.stringify(currentPipeline()),
    THREADS: String(input.threads),
  }
}
