import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { listBackups } from '../../src/catalog/catalog.ts'
import { proofKey, recordKey } from '../../src/catalog/catalog-keys.ts'
import { deleteBackup } from '../../src/catalog/delete-backup.ts'
import { setHold } from '../../src/catalog/hold-backup.ts'
import { type PruneMode, pruneBackups } from '../../src/catalog/prune-backups.ts'
import { S3Store, type Store } from '../../src/catalog/s3-store.ts'
import { type BackupId, backupIdOf } from '../../src/domain/names.ts'
import { retentionRuleSchema } from '../../src/domain/retention.ts'
import { podCredentials } from '../lab/aws/support/pod-credentials.ts'
import { associate, createRole } from '../lab/aws/support/roles.ts'
import { type StandIn, startStandIn } from '../lab/aws/support/stand-in.ts'
import { TestBucket } from './support/test-bucket.ts'

jest.setTimeout(180_000)

const now = new Date()
const DAY_MILLISECONDS = 86_400_000
const daysFromNow = (days: number) => new Date(now.getTime() + days * DAY_MILLISECONDS)

let aws: StandIn
let bucket: TestBucket
let made = 0

/** A backup of its own for each test. */
async function makeBackup(daysAgo = 0): Promise<BackupId> {
  made += 1
  const id = backupIdOf(daysFromNow(-daysAgo), String(made).padStart(8, '0'))
  for (const key of [`backup1/${id}/a`, `backup2/${id}/a`, recordKey(id)]) await bucket.put(key, 'x')
  return id
}

async function retain(id: BackupId, until: Date): Promise<void> {
  const Retention = { Mode: 'GOVERNANCE', RetainUntilDate: until.toISOString() }
  await aws.call('s3', 'put_object_retention', { Bucket: bucket.store.bucket, Key: recordKey(id), Retention })
}

async function keysOf(id: BackupId): Promise<string[]> {
  return (await bucket.keys()).filter((key) => key.includes(id))
}

beforeAll(async () => {
  aws = await startStandIn()
  bucket = await TestBucket.of(aws, { ObjectLockEnabledForBucket: true })
})
afterAll(() => aws.stop())

describe('what S3 retains', () => {
  test('is not deleted before its time, and then it is', async () => {
    const id = await makeBackup()
    const until = daysFromNow(2)
    await retain(id, until)
    await expect(deleteBackup(bucket.store, id, now)).rejects.toMatchObject({
      name: 'DeletionRefusedError',
      message: expect.stringContaining(`locked until ${until.toISOString()}`),
    })
    expect(await keysOf(id)).toHaveLength(3)
    expect(await deleteBackup(bucket.store, id, daysFromNow(3))).toBe(3)
    expect(await keysOf(id)).toEqual([])
  })

  test('by a rule of the bucket, is retained from the moment at which it was written', async () => {
    const DefaultRetention = { Mode: 'GOVERNANCE', Days: 5 }
    const ruled = await TestBucket.of(aws, { ObjectLockEnabledForBucket: true })
    await aws.call('s3', 'put_object_lock_configuration', {
      Bucket: ruled.store.bucket,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } },
    })
    const id = backupIdOf(now, 'ffffffff')
    expect(await ruled.store.create(recordKey(id), '{}')).toBe(true)
    await expect(deleteBackup(ruled.store, id, daysFromNow(4))).rejects.toThrow('locked until')
    expect(await deleteBackup(ruled.store, id, daysFromNow(6))).toBe(1)
  })
})

describe('what somebody holds', () => {
  test('is not deleted until it is released', async () => {
    const id = await makeBackup()
    expect(await setHold(bucket.store, id, 'ON')).toBe(3)
    await expect(deleteBackup(bucket.store, id, daysFromNow(1000))).rejects.toThrow(/under a legal hold.*release/)
    expect(await keysOf(id)).toHaveLength(3)
    expect(await setHold(bucket.store, id, 'OFF')).toBe(3)
    expect(await deleteBackup(bucket.store, id, now)).toBe(3)
  })

  test('is kept by S3 itself in its versions, each object of it', async () => {
    const id = await makeBackup()
    await setHold(bucket.store, id, 'ON')
    for (const key of await keysOf(id)) {
      const Bucket = bucket.store.bucket
      const { VersionId } = await aws.call('s3', 'head_object', { Bucket, Key: key })
      // By the administrator, who may do everything else.
      const refused = await aws.call('s3', 'delete_objects', { Bucket, Delete: { Objects: [{ Key: key, VersionId }] } })
      expect(refused).toMatchObject({ Errors: [{ Key: key, Code: 'AccessDenied' }] })
    }
  })

  test('is a backup, or nothing', async () => {
    const id = await makeBackup()
    await bucket.store.delete([recordKey(id)])
    await expect(setHold(bucket.store, id, 'ON')).rejects.toThrow('what has no record is no backup')
  })

  test('lies in a bucket with Object Lock: another one says how to get it', async () => {
    const without = await TestBucket.of(aws)
    const id = backupIdOf(now, 'eeeeeeee')
    await without.put(recordKey(id), 'x')
    await expect(setHold(without.store, id, 'ON')).rejects.toMatchObject({
      name: 'ObjectLockMissingError',
      message: expect.stringContaining('object_lock_days'),
    })
    expect(await deleteBackup(without.store, id, now)).toBe(1)
  })
})

describe('pruning', () => {
  const rule = retentionRuleSchema().parse({ keepLast: 1, minimumAgeHours: 0 })

  async function prune(mode: PruneMode, store: Store): Promise<Map<BackupId, readonly string[]>> {
    const decisions = await pruneBackups(store, rule, [], mode, now)
    return new Map(decisions.map(({ backup, keptFor }) => [backup.backupId, keptFor]))
  }

  test('keeps what is locked and says why; S3 is asked of none that a rule keeps', async () => {
    const pruned = await TestBucket.of(aws, { ObjectLockEnabledForBucket: true })
    bucket = pruned
    const [free, retained, held, last] = [
      await makeBackup(40),
      await makeBackup(30),
      await makeBackup(20),
      await makeBackup(10),
    ]
    for (const id of [free, retained, held, last]) {
      await pruned.put(proofKey(id, now, '00000000', 'equal'), '{}')
    }
    const until = daysFromNow(7)
    await retain(retained, until)
    await setHold(pruned.store, held, 'ON')

    const asking = jest.spyOn(pruned.store, 'readLock')
    const decided = await prune('plan', pruned.store)
    expect([...decided]).toEqual([
      [last, ['the last proven one', 'keepLast']],
      [held, ['under a legal hold']],
      [retained, [`locked until ${until.toISOString()}`]],
      [free, []],
    ])
    expect(asking.mock.calls.flat().sort()).toEqual([free, retained, held].map(recordKey).sort())
    expect(await prune('delete', pruned.store)).toEqual(decided)
    expect((await listBackups(pruned.store)).map(({ backupId }) => backupId)).toEqual([last, held, retained])
  })
  test('asks no object of a bucket that has no Object Lock', async () => {
    bucket = await TestBucket.of(aws)
    const [old, last] = [await makeBackup(20), await makeBackup(10)]
    for (const id of [old, last]) await bucket.put(proofKey(id, now, '00000000', 'equal'), '{}')
    const asking = jest.spyOn(bucket.store, 'readLock')
    expect(await prune('plan', bucket.store)).toEqual(
      new Map([
        [last, ['the last proven one', 'keepLast']],
        [old, []],
      ]),
    )
    expect(asking).not.toHaveBeenCalled()
  })

  test('asks the objects where it may not ask the bucket', async () => {
    bucket = await TestBucket.of(aws, { ObjectLockEnabledForBucket: true })
    const [old, last] = [await makeBackup(20), await makeBackup(10)]
    for (const id of [old, last]) await bucket.put(proofKey(id, now, '00000000', 'equal'), '{}')
    await setHold(bucket.store, old, 'ON')
    const role = await createRole(aws, {
      name: 'objects-only',
      statements: [
        { Effect: 'Allow', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${bucket.store.bucket}` },
        { Effect: 'Allow', Action: 's3:GetObject*', Resource: `arn:aws:s3:::${bucket.store.bucket}/*` },
      ],
    })
    await associate(aws, 'apps/objects-only', role)
    const { keys } = await podCredentials(aws.agent, 'apps/objects-only')
    const store = new S3Store(aws.s3(keys), bucket.store.bucket)
    expect((await prune('plan', store)).get(old)).toEqual(['under a legal hold'])
  })
})
