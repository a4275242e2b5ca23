import { restoreAnswerSchema } from '../domain/step-answers.ts'
import type { RestoreInput, StepActivities } from '../domain/step-inputs.ts'
import type { Dependencies } from './dependencies.ts'
import { runJob } from './run-job.ts'

/** Downloads `backup2/<backup id>/` and loads it into schemas of other names. */
export function createRestore({ config, runner }: Dependencies): StepActivities['restore'] {
  return async (input) =>
    await runJob(runner, input, {
      purpose: 'restore',
      manifest: 'restore',
      settings: { namespace: input.namespace, image: config.images.tools, env: restoreEnvironment(input) },
      answer: restoreAnswerSchema,
    })
}

/** What the Jobs of restore and verify are told alike: which backup, and which schema became which. */
export function restoreEnvironment(input: RestoreInput): Record<string, string> {
  return {
    BACKUP_ID: input.backupId,
    BUCKET: input.bucket,
    SCHEMA_MAPPING: JSON.stringify(input.schemaMapping),
    THREADS: String(input.threads),
  }
}
