import { describe, expect, test } from '@jest/globals'
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client'
import { execa } from 'execa'
import { fingerprintSchemas } from '../../images/tools/fingerprint/fingerprint-schemas.ts'
import { readProofs } from '../../src/catalog/catalog.ts'
import { S3Store } from '../../src/catalog/s3-store.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import type { RestoreResult } from '../../src/domain/restore-result.ts'
import type { Activities } from '../../src/domain/step-inputs.ts'
import { administratorS3, kubectl, mysql } from '../support/lab.ts'
import { mysqlAccount } from '../support/mysql-account.ts'
import { runWorkflow, type WorkflowWorld, withWorker } from '../support/run-workflow.ts'
import { applicationFailure, detailsOf } from '../support/test-temporal.ts'

const MOST_MILLISECONDS = 600_000

/**
 * Tests that need a backup of two tables of sysbench's, of 2,000 rows each, with its MySQL.
 *
 * @param worldOf what workflows are run by, once the tests run
 * @param backupOf the pipeline that made the backup
 */
export function describeRestores(
  worldOf: () => WorkflowWorld,
  namespace: string,
  backupOf: () => Pick<BackupResult, 'backupId' | 'bucket'>,
): void {
  const rowsOf = (table: string) => mysql(worldOf().lab, namespace, `SELECT COUNT(*), SUM(k) FROM ${table}`)
  const tablesOf = (schema: string) => mysql(worldOf().lab, namespace, `SHOW TABLES IN ${schema}`)

  const databasesOf = () => mysql(worldOf().lab, namespace, 'SHOW DATABASES')

  async function failureOf(type: string, input: object, change?: (activities: Activities) => Partial<Activities>) {
    const { bucket } = backupOf()
    const run = runWorkflow<RestoreResult>(worldOf(), type, { namespace, bucket, ...input }, change)
    const error = await run.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!(error instanceof WorkflowFailedError)) throw error
    return applicationFailure(error)
  }

  describe('a restore', () => {
    test(
      'for use, by the command line, brings the latest backup back beside its source',
      async () => {
        const { backupId, bucket } = backupOf()
        const { lab } = worldOf()
        const { stdout } = await withWorker(worldOf(), async (taskQueue) => {
          const command = ['src/cli/main.ts', 'backups', 'restore', 'latest', '--output', 'json', '--bucket', bucket]
          const args = [...command, '--namespace', namespace, '--task-queue', taskQueue]
          return await execa(process.execPath, args, { env: { TEMPORAL_ADDRESS: lab.temporal.address } })
        })
        const schemas = { sbtest: 'sbtest_recovered' }
        expect(JSON.parse(stdout)).toMatchObject({ outcome: 'proven', backupId, schemas, tableCount: 2 })
        expect(await rowsOf('sbtest_recovered.sbtest1')).toEqual(await rowsOf('sbtest.sbtest1'))
      },
      MOST_MILLISECONDS,
    )

    test(
      'over a schema that is there leaves it as it was if it fails after the exchange',
      async () => {
        const { lab } = worldOf()
        const make = [
          'CREATE VIEW sbtest.ids AS SELECT id FROM sbtest.sbtest1',
          'CREATE TRIGGER sbtest.fires BEFORE UPDATE ON sbtest.sbtest2 FOR EACH ROW SET NEW.k = 3',
          'CREATE EVENT sbtest.later ON SCHEDULE EVERY 1 DAY DO DELETE FROM sbtest1 WHERE id < 0',
          'CREATE FUNCTION sbtest.one() RETURNS INT DETERMINISTIC RETURN 1',
        ]
        await mysql(lab, namespace, make.join('; '))
        const account = await mysqlAccount(lab, namespace)
        const [before, databases] = [await fingerprintSchemas(account, ['sbtest'], 2), await databasesOf()]
        const input = { schemas: { sbtest: 'sbtest' }, ifExists: 'swap' }
        const failure = await failureOf('RestoreBackup', input, ({ swap }) => ({
          swap: async (swapInput) => {
            await swap(swapInput)
            expect(await tablesOf('sbtest')).toEqual(['sbtest1', 'sbtest2'])
            throw ApplicationFailure.nonRetryable('The worker has lost its mind.', 'Struck')
          },
        }))
        expect(detailsOf(failure)).toMatchObject({ undone: ['swapBack', 'dropRestored', 'removeMysql'], notUndone: [] })
        expect(await fingerprintSchemas(account, ['sbtest'], 2)).toEqual(before)
        expect(await databasesOf()).toEqual(databases)
        await mysql(lab, namespace, 'DROP VIEW sbtest.ids; DROP EVENT sbtest.later; DROP TRIGGER sbtest.fires')
      },
      MOST_MILLISECONDS,
    )

    test(
      'of one table, from the other copy, onto a server that is named, brings nothing else',
      async () => {
        const { backupId, bucket } = backupOf()
        const proofs = await proofCount()
        const { result, history } = await runWorkflow<RestoreResult>(worldOf(), 'RestoreBackup', {
          namespace,
          bucket,
          backup: backupId,
          copy: 'backup1',
          schemas: { sbtest: 'one table' },
          tables: { sbtest: ['sbtest2'] },
          // The namespace's own, reached as any other.
          server: { host: `mysql.${namespace}.svc.cluster.local`, sslMode: 'REQUIRED' },
        })
        expect(history).not.toContain('deployMysql')
        expect(result.tables).toMatchObject([{ name: 'sbtest2', restoredRows: 2000, checksumEqual: true }])
        expect(await tablesOf('`one table`')).toEqual(['sbtest2'])
        // A part that is equal is no proof of the whole.
        expect(await proofCount()).toBe(proofs)
      },
      MOST_MILLISECONDS,
    )
  })

  /** Of the backup. */
  async function proofCount(): Promise<number> {
    const { backupId, bucket } = backupOf()
    const s3 = await administratorS3(worldOf().lab)
    try {
      return (await readProofs(new S3Store(s3, bucket), backupId)).length
    } finally {
      s3.destroy()
    }
  }

  describe('a drill', () => {
    const scratches = () =>
      kubectl(worldOf().lab, '--namespace', namespace, 'get', 'all', '--selector=holdfast.dev/scratch', '--output=name')

    test(
      'proves the latest backup in a MySQL of its own, of which nothing is left',
      async () => {
        const [before, proofs] = [await databasesOf(), await proofCount()]
        const { backupId, bucket } = backupOf()
        const { result } = await runWorkflow<RestoreResult>(worldOf(), 'DrillBackup', { namespace, bucket })
        expect(result).toMatchObject({ backupId, schemas: { sbtest: 'sbtest' }, tableCount: 2 })
        expect(await proofCount()).toBe(proofs + 1)
        expect(await databasesOf()).toEqual(before)
        const removed = ['wait', '--for=delete', 'pod', '--selector=holdfast.dev/scratch', '--timeout=60s']
        await kubectl(worldOf().lab, '--namespace', namespace, ...removed)
        expect(await scratches()).toBe('')
      },
      MOST_MILLISECONDS,
    )
  })
}
