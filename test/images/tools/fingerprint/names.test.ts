import { describe, expect, test } from '@jest/globals'
import { compareFingerprints } from '../../../../images/tools/fingerprint/compare-fingerprints.ts'
import { type Fingerprint, fingerprintSchema } from '../../../../images/tools/fingerprint/fingerprint.ts'
import { fingerprintOf, type TakenTable } from '../../../../images/tools/fingerprint/take-fingerprint.ts'
import type { SchemaObjects } from '../../../../images/tools/schema/schema-objects.ts'

/** Names that MySQL takes, and that mean something in JavaScript. */
const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '1', 'plain']
const DEFINER = '`holdfast_1`@`%`'

const objects: SchemaObjects = {
  characterSet: 'utf8mb4',
  collation: 'utf8mb4_bin',
  autoIncrements: new Map([['__proto__', '7']]),
  routines: [],
  views: [],
  brokenViews: [],
  triggers: [],
  events: [],
}

function tables(schema: string, names: readonly string[]): TakenTable[] {
  return names.map((name) => ({ schema, name, rows: 2, checksum: '22', definition: 'CREATE TABLE' }))
}

function fingerprint(schema: string, names: readonly string[]): Fingerprint {
  return fingerprintOf(new Map([[schema, objects]]), tables(schema, names))
}

/** As it is written beside a dump, and read again. */
function written(source: Fingerprint): Fingerprint {
  return fingerprintSchema.parse(JSON.parse(JSON.stringify(source)))
}

function compare(source: Fingerprint, restored: Fingerprint, from: string) {
  const mapping = Object.fromEntries([[from, 'restored']])
  return compareFingerprints(written(source), restored, mapping, () => DEFINER)
}

describe.each(NAMES)('a table or a schema with the name %s', (name) => {
  test('is compared like any other', () => {
    const { differences, tables: compared } = compare(fingerprint(name, NAMES), fingerprint('restored', NAMES), name)
    expect(differences).toEqual([])
    expect(compared.map((table) => table.name)).toEqual(NAMES.toSorted())
  })

  test('is missing where it was not restored', () => {
    const without = NAMES.filter((each) => each !== name)
    expect(compare(fingerprint('shop', NAMES), fingerprint('restored', without), 'shop').differences).toEqual([
      { kind: 'table', name, what: 'is missing' },
    ])
  })

  test('is found where it was not in the backup', () => {
    const without = NAMES.filter((each) => each !== name)
    expect(compare(fingerprint('shop', without), fingerprint('restored', NAMES), 'shop').differences).toEqual([
      { kind: 'table', name, what: 'is there, and was not in the backup' },
    ])
  })

  test('is a schema that is missing, where only its source is there', () => {
    const source = fingerprint('shop', ['plain'])
    const mapping = { shop: name }
    expect(compareFingerprints(written(source), fingerprint('other', []), mapping, () => DEFINER).differences).toEqual([
      { kind: 'schema', name, what: 'is missing' },
    ])
  })
})
