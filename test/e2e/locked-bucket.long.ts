// The recipes of just come first, not beside: the lab's node has no room for one more MySQL.
import './demo.e2e.ts'
import { HeadObjectCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/client'
import { clusterWorkerUp } from '../../lab/cluster-worker.ts'
import { listBackups } from '../../src/catalog/catalog.ts'
import { deleteBackup } from '../../src/catalog/delete-backup.ts'
import { findDamage } from '../../src/catalog/find-damage.ts'
import { S3Store } from '../../src/catalog/s3-store.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { administratorS3, theLab, type WholeLab } from '../support/lab.ts'
import { openWorld, runWorkflow, type WorkflowWorld } from '../support/run-workflow.ts'
import { applicationFailure, detailsOf, failureOf } from '../support/test-temporal.ts'
import { bootstrapTenant, newTenant, removeTenant } from './tenants/tenant.ts'

const PIPELINE_MILLISECONDS = 600_000
const DAY_MILLISECONDS = 86_400_000
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555'

/** Its pipelines are run by the tests' own worker: the one in the cluster brings what an administrator sets up beside it. */
const tenant = newTenant('locked', 0, {
  TF_VAR_object_lock_days: '1',
  TF_VAR_kms_key_arn: KEY,
  RCLONE_CONFIG_S3_SERVER_SIDE_ENCRYPTION: 'aws:kms',
  RCLONE_CONFIG_S3_SSE_KMS_KEY_ID: KEY,
})
const request = { namespace: tenant.name, sampleData: { kind: 'sysbench', tables: 2, rowsPerTable: 1000 } }

let lab: WholeLab
let s3: S3Client
let store: S3Store
let world: WorkflowWorld
let close: () => Promise<void>

beforeAll(async () => {
  lab = await theLab()
  await bootstrapTenant(lab, tenant)
  await clusterWorkerUp(lab, tenant.settings, () => undefined)
  s3 = await administratorS3(lab)
  store = new S3Store(s3, tenant.bucket)
  ;({ world, close } = await openWorld(lab, tenant.settings.controlNamespace))
}, PIPELINE_MILLISECONDS)

afterAll(async () => {
  // Also where not all of it was set up.
  s3?.destroy()
  await close?.()
  await removeTenant(lab, tenant)
}, PIPELINE_MILLISECONDS)

/** All that S3 holds of the bucket, also what is hidden. */
async function versions(): Promise<{ readonly Key: string; readonly VersionId: string; readonly IsLatest: boolean }[]> {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: tenant.bucket }))
  return Versions.map(({ Key = '', VersionId = '', IsLatest = false }) => ({ Key, VersionId, IsLatest }))
}

/** What keeps it is set in the bucket alone: each version has to have it, by whichever way it was put. */
async function expectKeptByS3(found: Awaited<ReturnType<typeof versions>>): Promise<void> {
  for (const { Key, VersionId } of found) {
    const head = await s3.send(new HeadObjectCommand({ Bucket: tenant.bucket, Key, VersionId }))
    const { ServerSideEncryption, SSEKMSKeyId, ObjectLockMode, ObjectLockRetainUntilDate, LastModified } = head
    const kept = (ObjectLockRetainUntilDate?.getTime() ?? 0) - (LastModified?.getTime() ?? 0)
    const days = Math.round(kept / DAY_MILLISECONDS)
    expect({ Key, ServerSideEncryption, SSEKMSKeyId, ObjectLockMode, days }).toEqual({
      Key,
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: KEY,
      ObjectLockMode: 'GOVERNANCE',
      days: 1,
    })
  }
}

describe('a bucket with Object Lock whose objects KMS encrypts', () => {
  let backupId: BackupResult['backupId']

  test(
    'gets a proven backup, of which every object is locked and encrypted',
    async () => {
      const { result } = await runWorkflow<BackupResult>(world, 'BackupPipeline', request)
      backupId = result.backupId
      expect(result).toMatchObject({ outcome: 'proven', bucket: tenant.bucket, copyTransferredBytes: 0 })
      expect(await findDamage(store, backupId, 'contents')).toEqual([])
      const found = await versions()
      // Both copies, the record with what lies beside it, and the proof.
      const places = [`backup1/${backupId}/`, `backup2/${backupId}/`, `catalog/${backupId}/`]
      for (const place of places) expect(found.filter(({ Key }) => Key.startsWith(place)).length).toBeGreaterThan(1)
      expect(found.filter(({ IsLatest }) => !IsLatest)).toEqual([])
      await expectKeptByS3(found)
      await expect(deleteBackup(store, backupId, new Date())).rejects.toThrow(
        /is locked until .*nothing of it was deleted/,
      )
    },
    PIPELINE_MILLISECONDS,
  )

  test(
    'hides what a pipeline that fails takes back, and keeps it until its lock is over',
    async () => {
      const before = await versions()
      const again = { ...request, sampleData: { kind: 'none' }, schemas: ['sbtest'] }
      const run = runWorkflow(world, 'BackupPipeline', again, ({ upload }) => ({
        upload: async (input) => {
          await upload(input)
          throw ApplicationFailure.nonRetryable('The worker has lost its mind.', 'Struck')
        },
      }))
      const failed = detailsOf(applicationFailure(await failureOf(run)))
      expect(failed).toMatchObject({ failedStep: 'upload', notUndone: [] })
      expect(await listBackups(store)).toMatchObject([{ backupId }])
      const hidden = (await versions()).filter(({ Key }) => Key.includes(String(failed.backupId)))
      expect(hidden.length).toBeGreaterThan(2)
      expect(hidden.filter(({ IsLatest }) => IsLatest)).toEqual([])
      await expectKeptByS3(hidden)
      expect((await versions()).filter(({ IsLatest }) => IsLatest)).toEqual(before)
    },
    PIPELINE_MILLISECONDS,
  )
})
