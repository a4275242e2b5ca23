import { expect, test } from '@jest/globals'
import { type Comparison, compareFingerprints } from '../../../../images/tools/fingerprint/compare-fingerprints.ts'
import type {
  Fingerprint,
  ObjectFingerprint,
  SchemaFingerprint,
  TableFingerprint,
} from '../../../../images/tools/fingerprint/fingerprint.ts'

const CONFINED = '`holdfast_1`@`%`'

function table(changes: Partial<TableFingerprint> = {}): TableFingerprint {
  return { rows: 2, checksum: '22', definition: 'CREATE TABLE', autoIncrement: '3', ...changes }
}

function object(changes: Partial<ObjectFingerprint> = {}): ObjectFingerprint {
  const settings = { sqlMode: '', collation: 'utf8mb4_0900_ai_ci' }
  return { kind: 'view', name: 'v', definition: 'CREATE VIEW', settings, definer: '`a`@`%`', status: null, ...changes }
}

const event = object({ kind: 'event', name: 'e', status: 'ENABLED' })
const shop: SchemaFingerprint = {
  characterSet: 'utf8mb4',
  collation: 'utf8mb4_0900_ai_ci',
  tables: { a: table(), b: table() },
  objects: [object(), event],
}

function compare(restored: Partial<SchemaFingerprint>, source: Partial<SchemaFingerprint> = {}): Comparison {
  const before: Fingerprint = { version: 2, schemas: { shop: { ...shop, ...source } } }
  const after: Fingerprint = { version: 2, schemas: { shop_restored: { ...shop, ...restored } } }
  return compareFingerprints(before, after, { shop: 'shop_restored' }, () => CONFINED)
}

test('what is the same makes no difference', () => {
  expect(compare({})).toMatchObject({ differences: [], objectCount: 2, tables: [{ name: 'a' }, { name: 'b' }] })
})

test.each<[string, Partial<SchemaFingerprint>]>([
  ['a counter that has gone on', { tables: { a: table({ autoIncrement: '30' }), b: table() } }],
  ['the definer of what Holdfast restored', { objects: [object({ definer: CONFINED }), event] }],
  ['an event that is left disabled', { objects: [object(), { ...event, status: 'DISABLED' }] }],
])('%s makes no difference', (_, restored) => {
  expect(compare(restored).differences).toEqual([])
})

test.each<[string, Partial<SchemaFingerprint>, object]>([
  ['a table that is missing', { tables: { a: table() } }, { kind: 'table', name: 'b', what: 'is missing' }],
  [
    'a table that is too many, though it be empty',
    { tables: { ...shop.tables, c: table({ rows: 0 }) } },
    { kind: 'table', name: 'c', what: 'is there, and was not in the backup' },
  ],
  [
    'a row that is missing',
    { tables: { a: table(), b: table({ rows: 1, checksum: '21' }) } },
    { kind: 'table', name: 'b', what: 'had 2 rows, and has 1' },
  ],
  [
    'a row that was changed',
    { tables: { a: table(), b: table({ checksum: '21' }) } },
    { kind: 'table', name: 'b', what: 'has other rows' },
  ],
  [
    'a counter that has gone back',
    { tables: { a: table(), b: table({ autoIncrement: '2' }) } },
    { kind: 'table', name: 'b', what: 'would give 2 to its next row, and gave 3 before' },
  ],
  [
    'a counter that is gone',
    { tables: { a: table(), b: table({ autoIncrement: null }) } },
    { kind: 'table', name: 'b', what: 'would give no number to its next row, and gave 3 before' },
  ],
  ["a schema's collation", { collation: 'utf8mb4_bin' }, { kind: 'schema', name: 'shop_restored' }],
  ['a view that is missing', { objects: [event] }, { kind: 'view', name: 'v', what: 'is missing' }],
  ['an object of the same name and another kind', { objects: [object({ kind: 'function' }), event] }, { kind: 'view' }],
  [
    'a view that is defined otherwise',
    { objects: [object({ definition: 'CREATE OR' }), event] },
    { kind: 'view', name: 'v', what: 'is defined otherwise: "CREATE VIEW" before, "CREATE OR" now' },
  ],
  [
    'another SQL mode',
    { objects: [object({ settings: { ...object().settings, sqlMode: 'ANSI' } }), event] },
    { kind: 'view', what: 'had the sqlMode "", and has "ANSI"' },
  ],
  [
    "a stranger's definer",
    { objects: [object({ definer: '`b`@`%`' }), event] },
    { what: 'was defined by `a`@`%`, and is by `b`@`%`' },
  ],
])('%s makes a difference', (_, restored, difference) => {
  expect(compare(restored).differences[0]).toMatchObject(difference)
})

test('an event that was disabled must not be enabled', () => {
  const disabled = { objects: [object(), { ...event, status: 'DISABLED' }] }
  expect(compare({}, disabled).differences).toEqual([
    { kind: 'event', name: 'e', what: 'was DISABLED, and is ENABLED' },
  ])
})

test.each([
  [
    'a line that was changed',
    ['a', 'b int', 'c'],
    ['a', 'b int NOT NULL', 'c'],
    '"b int" before, "b int NOT NULL" now',
  ],
  ['a line that is gone, with the comma before it', ['a', 'b'], ['a'], '"b" before'],
  ['a line that has come', ['a'], ['a', 'b'], '"b" now'],
  [
    'where a long line differs',
    [`${'x'.repeat(200)}y${'z'.repeat(200)}`],
    [`${'x'.repeat(200)}Y`],
    `"…${'x'.repeat(30)}y${'z'.repeat(69)}…" before, "…${'x'.repeat(30)}Y" now`,
  ],
])('of a definition is said: %s', (_, before, after, said) => {
  const tableOf = (lines: string[]) => ({ tables: { a: table({ definition: `(\n  ${lines.join(',\n  ')}\n)` }) } })
  const { differences } = compare(tableOf(after), tableOf(before))
  expect(differences.map(({ what }) => what)).toEqual([`is defined otherwise: ${said}`])
})

test('lines in another order are told', () => {
  const tableOf = (definition: string) => ({ tables: { a: table({ definition }) } })
  expect(compare(tableOf('a,\nb'), tableOf('b,\na')).differences[0]?.what).toBe('is defined in another order')
})

test('tables that differ come first', () => {
  const { tables } = compare({ tables: { a: table(), b: table({ definition: 'CREATE TABLE x' }) } })
  expect(tables.map(({ name }) => name)).toEqual(['b', 'a'])
})

test('a schema that is missing is one difference', () => {
  const source: Fingerprint = { version: 2, schemas: { shop } }
  const none: Fingerprint = { version: 2, schemas: {} }
  const { differences } = compareFingerprints(source, none, { shop: 'shop_restored' }, () => CONFINED)
  expect(differences).toEqual([{ kind: 'schema', name: 'shop_restored', what: 'is missing' }])
})

test('of several schemas, what they hold is named with theirs', () => {
  const two: Fingerprint = { version: 2, schemas: { shop, yard: { ...shop, tables: {}, objects: [] } } }
  const { tables } = compareFingerprints(two, two, { shop: 'shop', yard: 'yard' }, () => CONFINED)
  expect(tables.map(({ name }) => name)).toEqual(['shop.a', 'shop.b'])
})
