import { expect, test } from '@jest/globals'
import { parseCatalogKey, proofKey, recordKey, startOf } from '../../src/catalog/catalog-keys.ts'
import { recordBody } from './support/record-body.ts'

const { backupId } = recordBody

test('a key tells what it was made of', () => {
  expect(parseCatalogKey(recordKey(backupId))).toEqual({ kind: 'record', backupId })
  const at = new Date('2026-02-01T00:10:20Z')
  for (const result of ['equal', 'different'] as const) {
    const key = proofKey(backupId, at, '1a2b3c4d-0000-0000-0000-000000000000', result)
    expect(parseCatalogKey(key)).toEqual({ kind: 'proof', backupId, at, run: '00000000', result })
  }
  expect(startOf(backupId)).toEqual(new Date('2026-01-31T23:59:59Z'))
})

test('two proofs of the same second have keys of their own, though the ids of their runs begin alike', () => {
  const at = new Date('2026-02-01T00:10:20Z')
  const runs = ['01a216de-05e9-764a-a92f-c90918b63ac8', '01a216de-05e9-764a-a92f-c90918b63ac9']
  expect(new Set(runs.map((run) => proofKey(backupId, at, run, 'equal'))).size).toBe(2)
})

test.each([
  'catalog/backup.json',
  `catalog/${backupId}/backup.json.bak`,
  `catalog/${backupId}/proof-20260201T001020Z-1a2b3c4d-perhaps.json`,
  'catalog/somebody/backup.json',
  `backup1/${backupId}/backup.json`,
])('%s is none of the catalog', (key) => {
  expect(parseCatalogKey(key)).toBeUndefined()
})
