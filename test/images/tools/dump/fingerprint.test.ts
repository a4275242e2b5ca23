import { expect, test } from '@jest/globals'
import { compareFingerprints, type Fingerprint } from '../../../../images/tools/dump/fingerprint.ts'

function fingerprint(schema: string, tables: Record<string, [number, string]>): Fingerprint {
  const entries = Object.entries(tables).map(([name, [rows, checksum]]) => [name, { rows, checksum }])
  return { version: 1, schemas: { [schema]: { tables: Object.fromEntries(entries) } } }
}

const source = fingerprint('shop', { a: [1, '11'], b: [2, '22'] })
const mapping = { shop: 'shop_restored' }

test('tables with the same rows and checksums are equal', () => {
  const restored = fingerprint('shop_restored', { a: [1, '11'], b: [2, '22'] })
  expect(compareFingerprints(source, restored, mapping).equal).toBe(true)
})

test.each([
  ['a checksum', { a: [1, '11'], b: [2, '23'] }, { name: 'b', sourceRows: 2, restoredRows: 2, checksumEqual: false }],
  ['a row count', { a: [1, '11'], b: [3, '22'] }, { name: 'b', sourceRows: 2, restoredRows: 3, checksumEqual: true }],
  ['a table too few', { a: [1, '11'] }, { name: 'b', sourceRows: 2, restoredRows: null, checksumEqual: false }],
] as const)('%s makes a difference, which comes first', (_, tables, different) => {
  const restored = fingerprint('shop_restored', JSON.parse(JSON.stringify(tables)))
  const { equal, tables: compared } = compareFingerprints(source, restored, mapping)
  expect(equal).toBe(false)
  expect(compared[0]).toEqual(different)
})

test('a table that the source does not have makes a difference, though it be empty', () => {
  const restored = fingerprint('shop_restored', { a: [1, '11'], b: [2, '22'], c: [0, '0'] })
  const { equal, tables } = compareFingerprints(source, restored, mapping)
  expect(equal).toBe(false)
  expect(tables[0]).toMatchObject({ name: 'c', checksumEqual: false })
})

test('of several schemas, tables are named with theirs', () => {
  const two: Fingerprint = { version: 1, schemas: { ...source.schemas, yard: { tables: {} } } }
  const { tables } = compareFingerprints(two, two, { shop: 'shop', yard: 'yard' })
  expect(tables.map(({ name }) => name)).toEqual(['shop.a', 'shop.b'])
})
