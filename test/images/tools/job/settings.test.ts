import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { parseEnvironment } from '../../../../images/tools/job/run-step.ts'
import { settings } from '../../../../images/tools/job/settings.ts'

const schema = z.object({ SCHEMA_MAPPING: settings.schemaMapping, BUCKET: settings.bucket, THREADS: settings.threads })
const good = { SCHEMA_MAPPING: '{"shop":"shop_restored"}', BUCKET: 'test-123456789012', PATH: '/usr/bin' }

test('settings are read from text, with their defaults', () => {
  expect(parseEnvironment(schema, good)).toEqual({
    SCHEMA_MAPPING: { shop: 'shop_restored' },
    BUCKET: 'test-123456789012',
    THREADS: 4,
  })
})

test('a schema may have a name that means something in JavaScript', () => {
  const SCHEMA_MAPPING = '{"__proto__":"__proto___restored","constructor":"constructor_restored"}'
  const read = parseEnvironment(schema, { ...good, SCHEMA_MAPPING })
  expect(JSON.stringify(read.SCHEMA_MAPPING)).toBe(SCHEMA_MAPPING)
})

test.each([
  ['SCHEMA_MAPPING', '{"a":"c","b":"c"}', 'restores two schemas into one'],
  ['SCHEMA_MAPPING', '{}', 'names no schema'],
  ['SCHEMA_MAPPING', '{"shop":"mysql"}', 'belongs to MySQL'],
  ['SCHEMA_MAPPING', '{"shop":"a "}', 'a schema name has'],
  ['SCHEMA_MAPPING', '{"shop"', 'is not valid JSON'],
  ['BUCKET', '../x', 'is no name of an S3 bucket'],
  ['BUCKET', '', 'is no name of an S3 bucket'],
  ['THREADS', '0', '>=1'],
  ['THREADS', '4; id', 'must be a whole number'],
])('%s=%s is refused: %s', (name, value, why) => {
  expect(() => parseEnvironment(schema, { ...good, [name]: value })).toThrow(new RegExp(`${name}.*${why}`, 's'))
})
