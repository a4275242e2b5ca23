import { describe, expect, test } from '@jest/globals'
import { compareFingerprints } from '../../images/tools/fingerprint/compare-fingerprints.ts'
import { fingerprintSchemas } from '../../images/tools/fingerprint/fingerprint-schemas.ts'
import { confinedDefiner } from '../../images/tools/mysql/confined-user.ts'
import { quoteName, withConnection } from '../../images/tools/mysql/connection.ts'
import { baseTablesOf } from '../../images/tools/mysql/schema-contents.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import type { RestoreResult } from '../../src/domain/restore-result.ts'
import { mysql } from '../support/lab.ts'
import { mysqlAccount } from '../support/mysql-account.ts'
import { runWorkflow, type WorkflowWorld } from '../support/run-workflow.ts'

const MOST_MILLISECONDS = 600_000
const THREADS = 2
const LIVE = `it's "live" 狮 $(x) \`b\``

/**
 * Tests that need a backup of a schema, with its MySQL.
 *
 * @param worldOf what workflows are run by, once the tests run
 * @param backupOf the pipeline that made the backup
 */
export function describeExchange(
  worldOf: () => WorkflowWorld,
  namespace: string,
  schema: string,
  backupOf: () => Pick<BackupResult, 'backupId' | 'bucket'>,
): void {
  describe('a restore over a schema that is there', () => {
    test(
      'takes its place in one step, and what was there is kept',
      async () => {
        const { lab } = worldOf()
        const account = await mysqlAccount(lab, namespace)
        const source = await fingerprintSchemas(account, [schema], THREADS)
        await mysql(
          lab,
          namespace,
          `CREATE DATABASE ${quoteName(LIVE)}; CREATE TABLE ${quoteName(LIVE)}.mine AS SELECT 1 AS one`,
        )
        await mysql(lab, namespace, `CREATE VIEW ${quoteName(LIVE)}.seen AS SELECT one FROM ${quoteName(LIVE)}.mine`)
        const { backupId, bucket } = backupOf()
        const schemas = { [schema]: LIVE }
        const request = { namespace, bucket, backup: backupId, schemas, ifExists: 'swap' }
        const { result } = await runWorkflow<RestoreResult>(worldOf(), 'RestoreBackup', request)
        const restored = await fingerprintSchemas(account, [LIVE], THREADS)
        expect(compareFingerprints(source, restored, schemas, confinedDefiner).differences).toEqual([])
        const setAside = result.setAside[LIVE] ?? ''
        const kept = await withConnection(account, async (connection) => await baseTablesOf(connection, setAside))
        expect(kept).toEqual(['mine'])
      },
      MOST_MILLISECONDS,
    )
  })
}
