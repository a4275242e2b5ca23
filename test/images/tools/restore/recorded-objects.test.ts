import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { Children } from '../../../../images/tools/job/children.ts'
import { type FingerprintSource, readFingerprint } from '../../../../images/tools/restore/read-fingerprint.ts'
import { recordedObjects } from '../../../../images/tools/restore/recorded-objects.ts'
import { recordKey } from '../../../../src/catalog/catalog-keys.ts'
import { recordText } from '../../../../src/catalog/record-text.ts'
import { recordBody } from '../../../catalog/support/record-body.ts'
import { TestBucket } from '../../../catalog/support/test-bucket.ts'

const { backupId } = recordBody
const fingerprint = { version: 2, schemas: {} }
const files = { 'manifest.json': '{}', 'fingerprint.json': JSON.stringify(fingerprint) }
const objects = Object.entries(files).map(([name, text]) => ({
  name,
  bytes: text.length,
  sha256: createHash('sha256').update(text).digest('hex'),
}))
const record = recordText({ ...recordBody, objects })

let bucket: TestBucket

beforeAll(async () => {
  bucket = await TestBucket.make()
})

afterAll(async () => await bucket.remove())

beforeEach(async () => {
  await bucket.store.delete(await bucket.keys())
  await bucket.put(recordKey(backupId), record)
  for (const [name, text] of Object.entries(files)) await put(name, text)
})

function source(): FingerprintSource {
  const identityFile = '/nowhere/identity'
  return { store: bucket.store, backupId, copy: 'backup1', identityFile, children: new Children() }
}

async function put(name: string, text: string): Promise<void> {
  await bucket.put(`backup1/${backupId}/${name}`, text)
}

test('a copy that is as its record says can be restored', async () => {
  const found = await recordedObjects(bucket.store, backupId, 'backup1')
  expect([...found.values()]).toEqual(objects)
  expect(await readFingerprint(source())).toEqual(fingerprint)
})

test.each<[string, () => Promise<void>, string]>([
  ['no record', () => bucket.store.delete([recordKey(backupId)]), 'backup.json'],
  [
    'a record that was changed',
    () => bucket.put(recordKey(backupId), record.replace('"bytes":2', '"bytes":3')),
    'backup.json',
  ],
  [
    'an object that is missing',
    () => bucket.store.delete([`backup1/${backupId}/fingerprint.json`]),
    'fingerprint.json is missing',
  ],
  ['an object too many', () => put('added', ''), 'added'],
  ['an object of another size', () => put('manifest.json', '{} '), 'manifest.json has 3 bytes'],
])('%s is refused, naming it', async (_, damage, named) => {
  await damage()
  const refused = recordedObjects(bucket.store, backupId, 'backup1')
  await expect(refused).rejects.toMatchObject({ type: 'NotAsRecorded', message: expect.stringContaining(named) })
})

test('nothing is compared with a fingerprint that was changed', async () => {
  await put('fingerprint.json', files['fingerprint.json'].replace('2', '1'))
  await expect(readFingerprint(source())).rejects.toMatchObject({
    type: 'NotAsRecorded',
    message: expect.stringContaining(`backup1/${backupId}/fingerprint.json has another SHA-256`),
  })
})

test('the fingerprint of an encrypted backup is not read without an identity', async () => {
  const { objects: _, ...facts } = recordBody
  const renamed = objects.map((object) => ({ ...object, name: object.name.replace('fingerprint.json', '$&.age') }))
  await bucket.store.delete([recordKey(backupId)])
  await bucket.put(recordKey(backupId), recordText({ ...facts, encryption: 'age', objects: renamed }))
  await put('fingerprint.json.age', files['fingerprint.json'])
  await expect(readFingerprint(source())).rejects.toMatchObject({ type: 'IdentityMissing', retryable: false })
})
