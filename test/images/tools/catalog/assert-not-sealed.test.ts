import { expect, test } from '@jest/globals'
import { assertNotSealed } from '../../../../images/tools/catalog/assert-not-sealed.ts'
import { recordText } from '../../../../src/catalog/record-text.ts'
import { recordBody } from '../../../catalog/support/record-body.ts'

const { backupId } = recordBody
const one = { name: 'a.sql.zst', bytes: 3, sha256: '1'.repeat(64) }
const other = { name: 'manifest.json', bytes: 7, sha256: '0'.repeat(64) }
const record = recordText({ ...recordBody, objects: [one, other] })

/** A bucket in which the key of the record, and no other, has this text. */
function bucketWith(text: string | undefined) {
  return { readText: async (key: string) => (key === `catalog/${backupId}/backup.json` ? text : undefined) }
}

test.each([[[]], [[one, other]]])('what has no record is no backup: %j may be uploaded', async (objects) => {
  await expect(assertNotSealed(bucketWith(undefined), backupId, objects)).resolves.toBeUndefined()
})

test("the very objects of a record, in whatever order, are in nobody's way", async () => {
  await expect(assertNotSealed(bucketWith(record), backupId, [other, one])).resolves.toBeUndefined()
})

test.each([
  ['no objects that are known', record, []],
  ['an object fewer', record, [one]],
  ['an object of other bytes', record, [one, { ...other, bytes: 8 }]],
  ['an object of another hash', record, [one, { ...other, sha256: '2'.repeat(64) }]],
  ['a record that was changed', record.replace('"bytes":3', '"bytes":4'), [{ ...one, bytes: 4 }, other]],
])('a backup is not written over: %s', async (_, text, objects) => {
  const refused = assertNotSealed(bucketWith(text), backupId, objects)
  await expect(refused).rejects.toMatchObject({ type: 'BackupSealed', retryable: false })
})
