import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { proofKey, recordKey, startOf } from '../../src/catalog/catalog-keys.ts'
import { findBackup } from '../../src/catalog/find-backup.ts'
import { recordText } from '../../src/catalog/record-text.ts'
import { type BackupId, backupIdSchema } from '../../src/domain/names.ts'
import { recordBody } from './support/record-body.ts'
import { TestBucket } from './support/test-bucket.ts'

const DAY = 86_400_000
const idOf = (day: string) => backupIdSchema().parse(`202601${day}T000000Z-00000000`)
const [oldest, shops, others, different, unproven] = ['01', '02', '03', '04', '05'].map(idOf) as BackupId[]
const charset = { characterSet: 'utf8mb4', collation: 'utf8mb4_bin', tables: 1, rows: 1 }

let bucket: TestBucket

async function seal(backupId: BackupId | undefined, namespace: string, schemas: readonly string[]): Promise<BackupId> {
  if (backupId === undefined) throw new Error('There is no such day.')
  const held = Object.fromEntries(schemas.map((name) => [name, charset]))
  const body = { ...recordBody, backupId, request: { namespace }, schemas: held }
  await bucket.put(recordKey(backupId), recordText(body))
  return backupId
}

async function prove(backupId: BackupId, result: 'equal' | 'different'): Promise<void> {
  await bucket.put(proofKey(backupId, new Date(startOf(backupId).getTime() + DAY), '00000000', result), '{}')
}

beforeAll(async () => {
  bucket = await TestBucket.make()
  await prove(await seal(oldest, 'shop', ['shop', 'archive']), 'equal')
  await prove(await seal(shops, 'shop', ['shop']), 'equal')
  await prove(await seal(others, 'staging', ['shop']), 'equal')
  await prove(await seal(different, 'shop', ['shop']), 'different')
  await seal(unproven, 'shop', ['shop'])
})

afterAll(async () => await bucket.remove())

const latest = { backup: 'latest', backupOf: 'shop', schemas: [] } as const

test.each([
  ['the newest that was proven, of the same database', latest, shops],
  ['of those that hold the schemas', { ...latest, schemas: ['archive'] }, oldest],
  ['of another database, if that is asked for', { ...latest, backupOf: 'staging' }, others],
])('the latest backup is %s', async (_, wanted, found) => {
  expect(await findBackup(bucket.store, wanted)).toMatchObject({ backupId: found })
})

test('a backup that is named is found, proven or not', async () => {
  const wanted = { ...latest, backup: idOf('05') }
  expect(await findBackup(bucket.store, wanted)).toMatchObject({ backupId: unproven })
  await expect(findBackup(bucket.store, { ...wanted, schemas: ['archive'] })).rejects.toThrow('holds no schema archive')
})

test('where there is none, it is said which was looked for', async () => {
  const wanted = { ...latest, schemas: ['elsewhere'] }
  await expect(findBackup(bucket.store, wanted)).rejects.toThrow(
    'There is no proven backup of the database in shop that holds elsewhere.',
  )
})

test('an older backup is not taken for a newer one that is damaged', async () => {
  await bucket.put(recordKey(idOf('02')), '{}')
  await expect(findBackup(bucket.store, latest)).rejects.toThrow(recordKey(idOf('02')))
  await seal(shops, 'shop', ['shop'])
})
