import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { BackupResult } from '../../../src/domain/backup-result.ts'
import { runWorkflow, type WorkflowWorld } from '../../support/run-workflow.ts'
import { applicationFailure, detailsOf, failureOf } from '../../support/test-temporal.ts'
import { putAgeKeys, removeAgeKeys } from './age-keys.ts'

const MOST_MILLISECONDS = 600_000

/**
 * Tests that need a MySQL with a schema that can be backed up.
 *
 * @param worldOf what workflows are run by, once the tests run
 */
export function describeOtherIdentity(worldOf: () => WorkflowWorld, namespace: string, schema: string): void {
  describe('a backup that age encrypts', () => {
    let backup: BackupResult

    beforeAll(async () => {
      await putAgeKeys(worldOf().lab, namespace)
      const request = { namespace, sampleData: { kind: 'none' }, schemas: [schema], encryption: 'age' }
      backup = (await runWorkflow<BackupResult>(worldOf(), 'BackupPipeline', request)).result
    }, MOST_MILLISECONDS)

    afterAll(async () => await removeAgeKeys(worldOf().lab, namespace), MOST_MILLISECONDS)

    test(
      'is kept from those who have another identity: nothing is restored',
      async () => {
        await putAgeKeys(worldOf().lab, namespace)
        const drill = { namespace, bucket: backup.bucket, backup: backup.backupId }
        const failure = applicationFailure(await failureOf(runWorkflow(worldOf(), 'DrillBackup', drill)))
        expect(failure).toMatchObject({ type: 'IdentityWrong', nonRetryable: true })
        expect(failure.message).toContain('holdfast-age')
        expect(detailsOf(failure)).toMatchObject({ failedStep: 'restore', undone: ['removeScratch'], notUndone: [] })
      },
      MOST_MILLISECONDS,
    )
  })
}
