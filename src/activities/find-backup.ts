import { findBackupAnswerSchema } from '../domain/step-answers.ts'
import type { RestoreActivities } from '../domain/step-inputs.ts'
import type { Dependencies } from './dependencies.ts'
import { prepareNamespace } from './prepare-namespace.ts'
import { runJob } from './run-job.ts'

/** Finds out which backup is meant. It comes first: so the namespace is made ready for its Job, and those after it. */
export function createFindBackup({ config, kubernetes, runner }: Dependencies): RestoreActivities['findBackup'] {
  return async ({ namespace, bucket, backup, backupOf, schemas, ...policy }) => {
    await prepareNamespace(kubernetes, config, namespace)
    const env = { BUCKET: bucket, BACKUP: backup, BACKUP_OF: backupOf, SCHEMAS: JSON.stringify(schemas) }
    return await runJob(runner, policy, {
      purpose: 'findBackup',
      manifest: 'find-backup',
      settings: { namespace, image: config.images.tools, env },
      answer: findBackupAnswerSchema(),
    })
  }
}
