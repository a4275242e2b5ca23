import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { zstdDecompressSync } from 'node:zlib'
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ApplicationFailure, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client'
import { parseScript } from '../../images/tools/schema/object-script.ts'
import { listBackups, readProofs, readRecord } from '../../src/catalog/catalog.ts'
import { findDamage } from '../../src/catalog/find-damage.ts'
import { S3Store } from '../../src/catalog/s3-store.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { proofIdOf, UNPROVEN_QUERY, WATCHED_QUERY } from '../../src/domain/database-proof.ts'
import { backupIdSchema } from '../../src/domain/names.ts'
import { restoreAnswerSchema } from '../../src/domain/step-answers.ts'
import type { Activities } from '../../src/domain/step-inputs.ts'
import { JobFailedError } from '../../src/kubernetes/job-failure.ts'
import { clusterTexts, findAwsKeys, repositoryTexts } from '../support/aws-keys.ts'
import { clearNamespace } from '../support/clear-namespace.ts'
import { DEFAULT_STEPS } from '../support/default-steps.ts'
import { administratorS3, kubectl, makeNamespaceForJobs, mysql, theLab } from '../support/lab.ts'
import { runScheduled } from '../support/run-scheduled.ts'
import { openWorld, runWorkflow, type WorkflowWorld } from '../support/run-workflow.ts'
import { TemporalUi } from '../support/temporal-ui.ts'
import { applicationFailure, detailsOf } from '../support/test-temporal.ts'
import { eventually } from '../worker/support/eventually.ts'
import { describeDocumentation } from './describe-documentation.ts'
import { expectShownInUi } from './expect-shown-in-ui.ts'

const PIPELINE_MILLISECONDS = 600_000
const NAMESPACE = 's3-test'
/** Like the pipeline's namespace in all, but that no Pod Identity association names it. */
const STRANGER = 'no-association'
const request = { namespace: NAMESPACE, sampleData: { kind: 'sysbench', tables: 2, rowsPerTable: 1000 } }

let lab: Awaited<ReturnType<typeof theLab>>
let s3: S3Client
let world: WorkflowWorld
let close: () => Promise<void>

describe('BackupPipeline', () => {
  beforeAll(async () => {
    lab = await theLab()
    await clearNamespace(lab, NAMESPACE)
    await clearNamespace(lab, STRANGER)
    s3 = await administratorS3(lab)
    ;({ world, close } = await openWorld(lab))
  }, PIPELINE_MILLISECONDS)

  afterAll(async () => {
    await close()
    await clearNamespace(lab, NAMESPACE)
    await clearNamespace(lab, STRANGER)
    s3.destroy()
  }, PIPELINE_MILLISECONDS)

  test(
    'a database comes back from its backup',
    async () => {
      const { result, history, schedule } = await runScheduled(world, 'backup', request, lookAtItsPages)

      expect(schedule.runs).toMatchObject([{ outcome: 'proven', backupId: result.backupId }])
      expect(result.outcome).toBe('proven')
      expect(result.steps.map(({ name }) => name)).toEqual(DEFAULT_STEPS)
      expect(result.copyTransferredBytes).toBe(0)
      for (const { prefix, objects, bytes } of result.copies) {
        expect(objects).toBeGreaterThan(0)
        expect(await objectsUnder(result.bucket, prefix)).toEqual({ objects, bytes })
      }
      const count = (schema: string) =>
        `SELECT COUNT(*) FROM ${schema}.sbtest1 UNION ALL SELECT COUNT(*) FROM ${schema}.sbtest2`
      expect(await mysql(lab, NAMESPACE, count('sbtest_restored'))).toEqual(['1000', '1000'])
      expect(await mysql(lab, NAMESPACE, count('sbtest'))).toEqual(['1000', '1000'])
      const store = new S3Store(s3, result.bucket)
      expect(await listBackups(store)).toContainEqual(
        expect.objectContaining({ backupId: result.backupId, lastProof: expect.objectContaining({ result: 'equal' }) }),
      )
      expect(await readRecord(store, result.backupId)).toMatchObject({ request, schemas: { sbtest: { rows: 2000 } } })
      expect(await readProofs(store, result.backupId)).toMatchObject([{ tableCount: 2, differenceCount: 0 }])
      expect(await findDamage(store, result.backupId, 'contents')).toEqual([])
      const pruned = await runWorkflow(world, 'PruneBackups', {
        bucket: result.bucket,
        rule: { keepLast: 1 },
        mode: 'delete',
      })
      // It is the last one, and younger than the minimum age.
      expect(pruned.result).toMatchObject({ mode: 'delete', deleted: 0, kept: expect.any(Number) })
      const staging = `pvc/staging-${result.backupId.toLowerCase()}`
      await kubectl(lab, '--namespace', NAMESPACE, 'wait', '--for=delete', staging, '--timeout=60s')
      await expectNoKeys(history)
    },
    PIPELINE_MILLISECONDS,
  )

  test(
    'of schemas that are there already, uploaded while they are dumped, a row that is missing from one fails the pipeline, which names the table',
    async () => {
      const sql = "CREATE DATABASE `second shop`; CREATE TABLE `second shop`.items AS SELECT 'tea' AS name"
      await mysql(lab, NAMESPACE, sql)
      await mysql(lab, NAMESPACE, MAKE_ACCOUNTS)
      const before = await grants()
      const schemas = ['sbtest', 'second shop']
      const several = {
        namespace: NAMESPACE,
        sampleData: { kind: 'none' },
        schemas,
        accounts: 'include',
        staging: 'stream',
      }
      const run = runWorkflow(world, 'BackupPipeline', several, (activities) => ({
        ...withoutStagingClaim(activities),
        restore: async (input) => {
          const restored = await activities.restore(input)
          expect(await mysql(lab, NAMESPACE, 'SELECT name FROM `second shop_restored`.items')).toEqual(['tea'])
          await mysql(lab, NAMESPACE, 'DELETE FROM sbtest_restored.sbtest2 WHERE id = 1')
          return restored
        },
      }))
      const error = await run.then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (!(error instanceof WorkflowFailedError)) throw error
      expect(error.cause).toMatchObject({
        type: 'VerificationFailed',
        details: [{ failedStep: 'verify', notUndone: [] }],
      })
      expect(error.cause?.message).toContain('sbtest2')
      expect(error.cause?.message).not.toContain('sbtest1')
      expect(await mysql(lab, NAMESPACE, "SHOW DATABASES LIKE '%restored'")).toEqual([])
      // The accounts can be made again from the backup: the password is still good.
      await mysql(lab, NAMESPACE, 'DROP USER reader, teller@localhost')
      for (const statement of await accountsOf(applicationFailure(error))) {
        if (!statement.includes('`root`')) await mysql(lab, NAMESPACE, statement)
      }
      expect(await grants()).toEqual(before)
      // The backup has a record, and stays, with what was found against it.
      const backupId = backupIdSchema().parse(detailsOf(applicationFailure(error)).backupId)
      expect(await readProofs(new S3Store(s3, `test-${lab.aws.accountId}`), backupId)).toMatchObject([
        { differenceCount: 1, tableCount: 3, differences: [{ kind: 'table', name: 'sbtest.sbtest2' }] },
      ])
    },
    PIPELINE_MILLISECONDS,
  )

  test.each([
    ['in a namespace without an association', STRANGER, 'test-123456789012', /NoCredentials|AccessDenied/],
    ['that reaches for another bucket', NAMESPACE, 'somebody-elses', /AccessDenied/],
  ])(
    'a Job %s is refused by S3',
    async (_, namespace, bucket, type) => {
      await makeNamespaceForJobs(lab, namespace)
      const identity = { workflowId: 'refused', runId: randomUUID(), purpose: 'deleteCopy' } as const
      const env = { BUCKET: bucket, PREFIXES: '["backup2/20260131T235959Z-00000000/"]' }
      const settings = { namespace, image: lab.images.tools, env }
      const order = { identity, manifest: 'delete-objects', settings, answer: restoreAnswerSchema(), maximumTries: 1 }
      const signal = AbortSignal.timeout(PIPELINE_MILLISECONDS)
      const error = await world.runner.run(order, { signal, onLook: () => undefined }).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (!(error instanceof JobFailedError)) throw error
      expect(error.failure.type).toMatch(type)
    },
    PIPELINE_MILLISECONDS,
  )

  describeDocumentation(() => lab)
})

/** Looks at Temporal's UI, where the pipeline's page shows what it did, and the list of databases without a proof not its own. */
async function lookAtItsPages(handle: WorkflowHandle, result: BackupResult): Promise<void> {
  const ui = await TemporalUi.open(lab.temporal.uiUrl)
  try {
    const inShort = `Backup of sbtest in ${NAMESPACE}: after sysbench data were loaded`
    const pipeline = { handle, result, request, inShort, database: `${NAMESPACE}/sbtest` }
    await expectShownInUi(ui, pipeline, process.env.HOLDFAST_SCREENSHOTS)
    const proofId = proofIdOf({ namespace: NAMESPACE, schemas: ['sbtest'] })
    await eventually(async () => {
      await ui.openList(`${WATCHED_QUERY} AND HoldfastProven = true`)
      expect(await ui.listed()).toContainEqual(expect.stringContaining(proofId))
      await ui.openList(UNPROVEN_QUERY)
      expect(await ui.listed()).not.toContainEqual(expect.stringContaining(proofId))
    })
  } finally {
    await ui.close()
  }
}

/** Looks, after a backup was uploaded, whether there is a volume for its dump. */
function withoutStagingClaim({ copy }: Activities): Pick<Activities, 'copy'> {
  return {
    copy: async (input) => {
      const claims = await kubectl(lab, '--namespace', NAMESPACE, 'get', 'pvc', '--output', 'name')
      expect(claims).toContain('persistentvolumeclaim/mysql-data')
      expect(claims).not.toContain(`staging-${input.backupId.toLowerCase()}`)
      return await copy(input)
    },
  }
}

/** A role and an account that has it, and a password with it. */
const MAKE_ACCOUNTS = [
  'CREATE ROLE reader',
  'GRANT SELECT ON sbtest.* TO reader',
  "CREATE USER teller@localhost IDENTIFIED BY 'it''s \\\\ 狮' DEFAULT ROLE reader",
  'GRANT INSERT (k) ON sbtest.sbtest1 TO teller@localhost',
].join('; ')

async function grants(): Promise<string[]> {
  return await mysql(
    lab,
    NAMESPACE,
    'SET print_identified_with_as_hex = ON; SHOW CREATE USER teller@localhost; SHOW GRANTS FOR teller@localhost; SHOW GRANTS FOR reader',
  )
}

/** The statements of the accounts in the backup of a pipeline that failed. */
async function accountsOf(failure: ApplicationFailure): Promise<string[]> {
  const key = `backup2/${detailsOf(failure).backupId}/accounts.sql.zst`
  const body = await new S3Store(s3, `test-${lab.aws.accountId}`).read(key)
  return parseScript(zstdDecompressSync(Buffer.concat((await body?.toArray()) ?? [])).toString())
}

async function objectsUnder(bucket: string, prefix: string): Promise<{ objects: number; bytes: number }> {
  const listed = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
  const contents = listed.Contents ?? []
  return { objects: contents.length, bytes: contents.reduce((sum, { Size = 0 }) => sum + Size, 0) }
}

/** No AWS key in the history, the cluster's objects, the pods' logs, the manifests and the Terraform code. */
async function expectNoKeys(history: string): Promise<void> {
  const administrator = JSON.parse(await readFile(lab.aws.adminCredentialsFile, 'utf8'))
  const secrets = [administrator.secretAccessKey]
  const searched = [
    ['history', history] as const,
    ...(await clusterTexts(lab, [NAMESPACE, 'holdfast'])),
    ...(await repositoryTexts()),
  ]
  const found = searched.flatMap(([where, text]) => findAwsKeys(text, secrets).map((key) => `${where}: ${key}`))
  expect(found).toEqual([])
  // What cannot be searched holds no key either: each kind of place was there.
  const places = searched.map(([where]) => where)
  for (const place of [/^history$/, /^objects$/, /^log of s3-test\/pod\/hf-/, /^manifests\//]) {
    expect(places).toContainEqual(expect.stringMatching(place))
  }
}
