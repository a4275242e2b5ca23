import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { assertAsRecorded } from '../../../../images/tools/restore/assert-as-recorded.ts'
import { recordKey } from '../../../../src/catalog/catalog-keys.ts'
import { recordText } from '../../../../src/catalog/record-text.ts'
import { recordBody } from '../../../catalog/support/record-body.ts'
import { TestBucket } from '../../../catalog/support/test-bucket.ts'

const { backupId } = recordBody
const files = { 'manifest.json': '{}', 'fingerprint.json': '{"a":1}' }
const objects = Object.entries(files).map(([name, text]) => ({
  name,
  bytes: text.length,
  sha256: createHash('sha256').update(text).digest('hex'),
}))
const record = recordText({ ...recordBody, objects })

let bucket: TestBucket
let folder: string

beforeAll(async () => {
  bucket = await TestBucket.make()
})

afterAll(async () => await bucket.remove())

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-restore-'))
  await bucket.put(recordKey(backupId), record)
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
})

afterEach(async () => await rm(folder, { recursive: true }))

test('a folder that is as its record says can be restored', async () => {
  await expect(assertAsRecorded(bucket.store, backupId, folder)).resolves.toBeUndefined()
})

test.each<[string, () => Promise<void>, string]>([
  ['no record', () => bucket.store.delete([recordKey(backupId)]), 'backup.json'],
  [
    'a record that was changed',
    () => bucket.put(recordKey(backupId), record.replace('"bytes":2', '"bytes":3')),
    'backup.json',
  ],
  ['a file that is missing', () => rm(join(folder, 'fingerprint.json')), 'fingerprint.json'],
  ['a file too many', () => writeFile(join(folder, 'added'), ''), 'added'],
  ['another manifest', () => writeFile(join(folder, 'manifest.json'), '{ }'), 'manifest.json has another'],
])('%s is refused, naming it', async (_, damage, named) => {
  await damage()
  const refused = assertAsRecorded(bucket.store, backupId, folder)
  await expect(refused).rejects.toMatchObject({ type: 'NotAsRecorded', message: expect.stringContaining(named) })
})
