import { PutObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, test } from '@jest/globals'
import { readProofs, readRecord } from '../../src/catalog/catalog.ts'
import { S3Store } from '../../src/catalog/s3-store.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { administratorS3, mysql } from '../support/lab.ts'
import { runWorkflow, type WorkflowWorld } from '../support/run-workflow.ts'
import { applicationFailure, detailsOf, failureOf } from '../support/test-temporal.ts'

const MOST_MILLISECONDS = 600_000

/**
 * Tests that need a backup of a schema, with its MySQL. The last of them damages the backup.
 *
 * @param worldOf what workflows are run by, once the tests run
 * @param backupOf the pipeline that made the backup
 */
export function describeRefusals(
  worldOf: () => WorkflowWorld,
  namespace: string,
  schema: string,
  backupOf: () => Pick<BackupResult, 'backupId' | 'bucket'>,
): void {
  const ofBackup = () => {
    const { backupId, bucket } = backupOf()
    return { namespace, bucket, backup: backupId }
  }

  async function refusalOf(type: string, input: object) {
    return applicationFailure(await failureOf(runWorkflow(worldOf(), type, { ...ofBackup(), ...input })))
  }

  describe('what is refused', () => {
    test(
      'a restore into the schema that was backed up, which stays as it is',
      async () => {
        const { lab } = worldOf()
        const tables = (
          await mysql(lab, namespace, `SHOW FULL TABLES IN ${schema} WHERE Table_type = 'BASE TABLE'`)
        ).map((line) => `${schema}.\`${line.split('\t')[0]?.replaceAll('`', '``')}\``)
        expect(tables).not.toEqual([])
        // Counted first: the checksum of an ARCHIVE table is of as many rows as the server has last counted.
        const counted = tables.map((table) => `SELECT COUNT(*) FROM ${table}; CHECKSUM TABLE ${table}`).join('; ')
        const checksums = () => mysql(lab, namespace, counted)
        const before = await checksums()
        const failure = await refusalOf('RestoreBackup', { schemas: { [schema]: schema } })
        expect(failure).toMatchObject({
          type: 'SchemaNotOwned',
          message: expect.stringContaining(`The schema \`${schema}\` exists`),
        })
        expect(detailsOf(failure)).toMatchObject({ failedStep: 'restore', notUndone: [] })
        expect(await checksums()).toEqual(before)
      },
      MOST_MILLISECONDS,
    )

    test(
      'a restore into one that was restored for use, which stays as it is',
      async () => {
        const { lab } = worldOf()
        const [request, restored] = [
          { schemas: { [schema]: 'in_use' } },
          'SHOW CREATE DATABASE in_use; SELECT * FROM in_use.since',
        ]
        await runWorkflow(worldOf(), 'RestoreBackup', { ...ofBackup(), ...request })
        await mysql(lab, namespace, 'CREATE TABLE in_use.since AS SELECT 1 AS one')
        const before = await mysql(lab, namespace, restored)
        const failure = await refusalOf('RestoreBackup', request)
        expect(failure).toMatchObject({
          type: 'SchemaExists',
          message: expect.stringContaining('The schema `in_use` exists'),
        })
        expect(detailsOf(failure)).toMatchObject({ failedStep: 'restore', notUndone: [] })
        expect(await mysql(lab, namespace, restored)).toEqual(before)
      },
      MOST_MILLISECONDS,
    )

    test(
      'a drill of a backup that was damaged: it names the object, and proves nothing',
      async () => {
        const { backupId, bucket } = backupOf()
        const s3 = await administratorS3(worldOf().lab)
        try {
          const store = new S3Store(s3, bucket)
          const proofs = await readProofs(store, backupId)
          const { objects } = await readRecord(store, backupId)
          const name = objects.find((object) => object.name.includes('data'))?.name ?? ''
          const key = `backup2/${backupId}/${name}`
          const chunks = await store.read(key)
          const body = Buffer.concat((await chunks?.toArray()) ?? [])
          body[body.length - 1] = (body.at(-1) ?? 0) ^ 1
          await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
          const failure = await refusalOf('DrillBackup', {})
          expect(failure).toMatchObject({ type: 'NotAsRecorded', message: expect.stringContaining(name) })
          expect(detailsOf(failure)).toMatchObject({ undone: ['removeScratch'], notUndone: [] })
          expect(await readProofs(store, backupId)).toEqual(proofs)
        } finally {
          s3.destroy()
        }
      },
      MOST_MILLISECONDS,
    )
  })
}
