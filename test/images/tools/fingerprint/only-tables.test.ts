import { expect, test } from '@jest/globals'
import type { Fingerprint } from '../../../../images/tools/fingerprint/fingerprint.ts'
import { onlyTables } from '../../../../images/tools/fingerprint/only-tables.ts'

const table = { rows: 1, checksum: '1', definition: 'CREATE TABLE', autoIncrement: null }
const view = {
  kind: 'view' as const,
  name: 'v',
  definition: 'CREATE VIEW',
  settings: {},
  definer: '`root`@`%`',
  status: null,
}
const schema = { characterSet: 'utf8mb4', collation: 'utf8mb4_bin', tables: { a: table, b: table }, objects: [view] }
const fingerprint: Fingerprint = { version: 2, schemas: { shop: schema, archive: schema } }

test('of a schema that is named only those tables count, of others everything', () => {
  expect(onlyTables(fingerprint, { shop: ['b'] }).schemas).toEqual({
    shop: { ...schema, tables: { b: table }, objects: [] },
    archive: schema,
  })
  expect(onlyTables(fingerprint, {})).toEqual(fingerprint)
})
