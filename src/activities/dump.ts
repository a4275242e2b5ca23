import { dumpAnswerSchema } from '../domain/step-answers.ts'
import type { DumpInput, StepActivities, StepInput } from '../domain/step-inputs.ts'
import { createIfMissing, inNamespace, loadManifest } from '../kubernetes/apply.ts'
import { assertEncryption } from './assert-encryption.ts'
import type { Dependencies } from './dependencies.ts'
import { engineFor, imageOf } from './engine.ts'
import { runJob } from './run-job.ts'
import { claimFor, stagingClaimOf } from './staging-claim.ts'

/** Dumps the schemas in one snapshot onto a volume that is made for this backup. */
export function createDump({ config, kubernetes, runner }: Dependencies): StepActivities['dump'] {
  return async ({ databaseBytes, ...input }) => {
    const { namespace, backupId } = input
    const engine = engineFor(config, { ...input, staging: 'volume' })
    const image = imageOf(config, engine)
    const stagingClaim = stagingClaimOf(backupId)
    for (const claim of await loadManifest('staging.yaml')) {
      await createIfMissing(kubernetes, inNamespace(claimFor(claim, backupId, databaseBytes), namespace))
    }
    const result = await runJob(runner, input, {
      purpose: 'dump',
      manifest: 'dump',
      settings: {
        namespace,
        image,
        env: { ...dumpEnvironment(input), ENGINE: engine },
        stagingClaim,
      },
      answer: dumpAnswerSchema(),
    })
    assertEncryption(input.encryption, result.answer, result.jobName)
    return result
  }
}

/** What every Job that dumps is told. */
export function dumpEnvironment({
  backupId,
  schemas,
  threads,
  accounts = 'leave',
  encryption = 'none',
}: Omit<DumpInput, keyof StepInput>): Record<string, string> {
  return {
    BACKUP_ID: backupId,
    SCHEMAS: JSON.stringify(schemas),
    THREADS: String(threads),
    ACCOUNTS: accounts,
    ENCRYPTION: encryption,
  }
}
