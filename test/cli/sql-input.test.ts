import { randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { InputError } from '../../src/cli/input-error.ts'
import { readSqlInput, toConfigMaps } from '../../src/cli/sql-input.ts'

const configMapSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.literal('s3-test') }),
  binaryData: z.record(z.string(), z.base64()),
})

function partsOf(sql: Uint8Array) {
  return toConfigMaps(sql, 's3-test').map((object) => {
    const { metadata, binaryData } = configMapSchema.parse(object)
    const [[key, text] = ['', '']] = Object.entries(binaryData)
    return { name: metadata.name, key, bytes: Buffer.from(text, 'base64') }
  })
}

describe('toConfigMaps', () => {
  test('splits what does not fit one ConfigMap, so that its parts in order are the file', () => {
    const sql = randomBytes(1_500_000)
    const parts = partsOf(sql)
    expect(parts.map(({ name }) => name)).toEqual(['holdfast-sql-00', 'holdfast-sql-01', 'holdfast-sql-02'])
    expect(parts.map(({ key }) => key)).toEqual(['part-000', 'part-001', 'part-002'])
    expect(Math.max(...parts.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(700_000)
    expect(gunzipSync(Buffer.concat(parts.map(({ bytes }) => bytes))).equals(sql)).toBe(true)
  })

  test('makes one part of an empty file', () => {
    const [part, ...others] = partsOf(Buffer.alloc(0))
    expect(others).toEqual([])
    expect(gunzipSync(part?.bytes ?? Buffer.alloc(0))).toHaveLength(0)
  })

  test('fills all sixteen parts, and refuses what needs a seventeenth', () => {
    // Random bytes do not get smaller; gzip adds some 0.02 percent.
    expect(partsOf(randomBytes(11_000_000))).toHaveLength(16)
    expect(() => toConfigMaps(randomBytes(11_200_000), 's3-test')).toThrow(InputError)
  })
})

test('names the argument where the file cannot be read', async () => {
  await expect(readSqlInput('/nowhere/shop.sql', 's3-test')).rejects.toThrow(/^--sql: ENOENT/)
})
