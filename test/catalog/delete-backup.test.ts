import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { listBackups } from '../../src/catalog/catalog.ts'
import { recordKey } from '../../src/catalog/catalog-keys.ts'
import { deleteBackup } from '../../src/catalog/delete-backup.ts'
import { findGarbage } from '../../src/catalog/find-garbage.ts'
import type { Store } from '../../src/catalog/s3-store.ts'
import { backupIdOf } from '../../src/domain/names.ts'
import { type StandIn, startStandIn } from '../lab/aws/support/stand-in.ts'
import { TestBucket } from './support/test-bucket.ts'

const NOW = new Date('2026-02-10T12:00:00Z')
const old = backupIdOf(new Date('2026-02-01T03:00:00Z'), '11111111')
const other = backupIdOf(new Date('2026-02-02T03:00:00Z'), '22222222')
const beingMade = backupIdOf(new Date('2026-02-10T11:00:00Z'), '33333333')

let aws: StandIn
let bucket: TestBucket

beforeAll(async () => {
  aws = await startStandIn()
  bucket = await TestBucket.of(aws)
})

afterAll(async () => await aws.stop())

/** Two backups, one that is still being made, and what is not Holdfast's. */
async function fill(): Promise<void> {
  for (const id of [old, other]) {
    for (const key of [`backup1/${id}/a`, `backup1/${id}/b`, `backup2/${id}/a`, recordKey(id)])
      await bucket.put(key, 'x')
  }
  await bucket.put(`backup1/${beingMade}/a`, 'x')
  await bucket.put('backup1/readme.txt', 'x')
}

test('a backup is deleted whole, and nothing else', async () => {
  await fill()
  expect(await deleteBackup(bucket.store, old, NOW)).toBe(4)
  expect((await bucket.keys()).filter((key) => key.includes(old))).toEqual([])
  expect((await listBackups(bucket.store)).map(({ backupId }) => backupId)).toEqual([other])
  expect(await bucket.keys()).toHaveLength(6)
})

test('a deletion that is interrupted leaves garbage, and no broken backup', async () => {
  await fill()
  let deletions = 0
  const interrupted: Store = {
    list: (prefix) => bucket.store.list(prefix),
    listKeys: (prefix, suffix) => bucket.store.listKeys(prefix, suffix),
    readText: (key) => bucket.store.readText(key),
    read: (key) => bucket.store.read(key),
    create: (key, text) => bucket.store.create(key, text),
    readLock: (key) => bucket.store.readLock(key),
    mayLock: () => bucket.store.mayLock(),
    setLegalHold: (key, status) => bucket.store.setLegalHold(key, status),
    delete: async (keys) => {
      deletions += 1
      if (deletions > 1) throw new Error('the network is gone')
      await bucket.store.delete(keys)
    },
  }
  await expect(deleteBackup(interrupted, old, NOW)).rejects.toThrow('the network is gone')
  expect((await listBackups(bucket.store)).map(({ backupId }) => backupId)).toEqual([other])
  // What is being made has no record yet either.
  expect(await findGarbage(bucket.store, 48, NOW)).toEqual([{ backupId: old, objects: 3, bytes: 3 }])
  await deleteBackup(bucket.store, old, NOW)
  expect(await findGarbage(bucket.store, 48, NOW)).toEqual([])
  expect((await findGarbage(bucket.store, 0.5, NOW)).map(({ backupId }) => backupId)).toEqual([beingMade])
})
