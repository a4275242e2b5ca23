import { pruneBackupsAnswerSchema } from '../domain/step-answers.ts'
import type { PruneActivities } from '../domain/step-inputs.ts'
import type { Dependencies } from './dependencies.ts'
import { runJob } from './run-job.ts'

/** Has a Job decide by rule which backups of a bucket stay, and delete the others if told to. */
export function createPruneBackups({ config, runner }: Dependencies): PruneActivities['pruneBackups'] {
  return async ({ namespace, bucket, rule, hold, mode, ...policy }) => {
    const env = { BUCKET: bucket, RULE: JSON.stringify(rule), HOLD: JSON.stringify(hold), MODE: mode }
    return await runJob(runner, policy, {
      purpose: 'pruneBackups',
      manifest: 'prune-backups',
      settings: { namespace, image: config.images.tools, env },
      answer: pruneBackupsAnswerSchema(),
    })
  }
}
