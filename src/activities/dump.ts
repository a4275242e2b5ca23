import { dumpAnswerSchema } from '../domain/step-answers.ts'
import type { StepActivities } from '../domain/step-inputs.ts'
import { createIfMissing, inNamespace, loadManifest } from '../kubernetes/apply.ts'
import type { Dependencies } from './dependencies.ts'
import { engineFor, imageOf } from './engine.ts'
import { runJob } from './run-job.ts'
import { claimFor, stagingClaimOf } from './staging-claim.ts'

/** Dumps the schemas in one snapshot onto a volume that is made for this backup. */
export function createDump({ config, kubernetes, runner }: Dependencies): StepActivities['dump'] {
  return async ({ namespace, backupId, schemas, threads, databaseBytes, engine: wanted, ...policy }) => {
    const engine = engineFor(config, wanted, 'volume')
    const image = imageOf(config, engine)
    const stagingClaim = stagingClaimOf(backupId)
    for (const claim of await loadManifest('staging.yaml')) {
      await createIfMissing(kubernetes, inNamespace(claimFor(claim, backupId, databaseBytes), namespace))
    }
    return await runJob(runner, policy, {
      purpose: 'dump',
      manifest: 'dump',
      settings: {
        namespace,
        image,
        env: { BACKUP_ID: backupId, SCHEMAS: JSON.stringify(schemas), THREADS: String(threads), ENGINE: engine },
        stagingClaim,
      },
      answer: dumpAnswerSchema,
    })
  }
}
