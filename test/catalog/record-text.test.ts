import { expect, test } from '@jest/globals'
import { parseRecord, recordText } from '../../src/catalog/record-text.ts'
import { objectByName } from '../../src/domain/by-name.ts'
import { recordBody } from './support/record-body.ts'

test('a record is read as it was written, and the same facts give the same text', () => {
  const text = recordText(recordBody)
  expect(parseRecord(text)).toMatchObject(recordBody)
  expect(recordText(recordBody)).toBe(text)
})

test.each(['none', 'age'] as const)(
  'a record of a backup with the encryption "%s" says so, and one of before there was any says nothing',
  (encryption) => {
    const { objects, ...facts } = recordBody
    expect(parseRecord(recordText({ ...facts, encryption, objects }))).toMatchObject({ encryption })
    expect(parseRecord(recordText(recordBody))).not.toHaveProperty('encryption')
  },
)

test('a record names schemas of any name', () => {
  const facts = { characterSet: 'utf8mb4', collation: 'utf8mb4_bin', tables: 1, rows: 2 }
  const schemas = objectByName(['__proto__', 'constructor', 'a "name"'].map((name) => [name, facts] as const))
  const text = recordText({ ...recordBody, schemas })
  expect(text).toContain('"__proto__":{')
  expect(JSON.stringify(parseRecord(text))).toBe(text)
})

test.each<[string, (text: string) => string]>([
  ['a number that was changed', (text) => text.replace('"rows":2', '"rows":3')],
  ['a name that was changed', (text) => text.replace('"name":"manifest.json"', '"name":"manifest.jsom"')],
  ['a space that came in', (text) => text.replace(',', ', ')],
  ['an end that is missing', (text) => text.slice(0, -1)],
  ['a field that came in', (text) => text.replace('{', '{"a":1,')],
  [
    'another hash',
    (text) =>
      text.replace(/"sha256":"(.)([^"]*)"\}$/, (_, first, rest) => `"sha256":"${first === '0' ? 1 : 0}${rest}"}`),
  ],
  ['nothing', () => ''],
])('%s makes it no record', (_, change) => {
  const text = recordText(recordBody)
  expect(change(text)).not.toBe(text)
  expect(parseRecord(change(text))).toEqual(expect.any(String))
})
