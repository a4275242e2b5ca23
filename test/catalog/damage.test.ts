import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { listBackups, readProofs, readRecord } from '../../src/catalog/catalog.ts'
import { proofKey, recordKey } from '../../src/catalog/catalog-keys.ts'
import { findDamage } from '../../src/catalog/find-damage.ts'
import { recordText } from '../../src/catalog/record-text.ts'
import type { S3Store } from '../../src/catalog/s3-store.ts'
import { recordBody } from './support/record-body.ts'
import { TestBucket } from './support/test-bucket.ts'

const DAMAGES = 200
const DAMAGES_MILLISECONDS = 300_000

const { backupId } = recordBody
const contents = {
  'manifest.json': '{"a": 1}',
  'fingerprint.json': '{"b": 22}',
  's0-1-structure.sql.zst': 'x'.repeat(500),
}
const objects = Object.entries(contents).map(([name, text]) => ({
  name,
  bytes: text.length,
  sha256: createHash('sha256').update(text).digest('hex'),
}))
const record = recordText({ ...recordBody, objects })
const whole = new Map([
  [recordKey(backupId), record],
  ...['backup1', 'backup2'].flatMap((copy) =>
    Object.entries(contents).map(([name, text]) => [`${copy}/${backupId}/${name}`, text] as const),
  ),
])
const keys = [...whole.keys()]

let bucket: TestBucket
let store: S3Store

async function put(key: string, body: string | Buffer): Promise<void> {
  await bucket.put(key, body)
}

async function remove(key: string): Promise<void> {
  await store.delete([key])
}

/** What is done to one object of the bucket. @returns the keys of which at least one must be named */
type Damage = (key: string, at: number) => Promise<string[]>

const damages: Readonly<Record<string, Damage>> = {
  'flip a bit': async (key, at) => {
    const bytes = Buffer.from(whole.get(key) ?? '')
    const index = at % bytes.length
    bytes[index] = (bytes[index] ?? 0) ^ (1 << (at % 8))
    await put(key, bytes)
    return [key]
  },
  remove: async (key) => {
    await remove(key)
    return [key]
  },
  truncate: async (key, at) => {
    const text = whole.get(key) ?? ''
    await put(key, Buffer.from(text.slice(0, at % text.length)))
    return [key]
  },
  add: async (key) => {
    const added = key.replace(/[^/]+$/, 'added')
    await put(added, 'x')
    return [added]
  },
  swap: async (key, at) => {
    const others = keys.filter((each) => whole.get(each) !== whole.get(key))
    const other = others[at % others.length] ?? ''
    await put(key, whole.get(other) ?? '')
    await put(other, whole.get(key) ?? '')
    return [key, other]
  },
}

describe('a catalog in S3', () => {
  beforeAll(async () => {
    bucket = await TestBucket.make()
    store = bucket.store
    for (const [key, text] of whole) await put(key, text)
  })

  afterAll(async () => await bucket.remove())

  test('a record is written once', async () => {
    expect(await store.create(recordKey(backupId), 'another')).toBe(false)
    expect(await store.readText(recordKey(backupId))).toBe(record)
  })

  test('a backup is listed by its record, with its last proof', async () => {
    expect(await listBackups(store)).toEqual([{ backupId, startedAt: new Date(recordBody.startedAt), lastProof: null }])
    const proofs = [
      proofKey(backupId, new Date('2026-02-01T00:00:00Z'), '1a2b3c4d', 'different'),
      proofKey(backupId, new Date('2026-02-02T00:00:00Z'), '00000000', 'equal'),
    ]
    for (const key of proofs) await put(key, '{}')
    const at = new Date('2026-02-02T00:00:00Z')
    expect(await listBackups(store)).toMatchObject([{ backupId, lastProof: { at, result: 'equal' } }])
    await expect(readProofs(store, backupId)).rejects.toThrow(proofs[0])
    for (const key of proofs) await remove(key)
    // Without its record it is no backup.
    await remove(recordKey(backupId))
    expect(await listBackups(store)).toEqual([])
    await expect(readRecord(store, backupId)).rejects.toThrow(recordKey(backupId))
    await put(recordKey(backupId), record)
  })

  test('what is whole has no damage', async () => {
    expect(await findDamage(store, backupId, 'contents')).toEqual([])
    expect(await findDamage(store, backupId, 'listing')).toEqual([])
  })

  test(
    `${DAMAGES} damages are found, and the object is named`,
    async () => {
      const damage = fc.record({
        how: fc.constantFrom(...Object.keys(damages)),
        key: fc.constantFrom(...keys),
        at: fc.nat(100_000),
      })
      const property = fc.asyncProperty(damage, async ({ how, key, at }) => {
        const damaged = (await damages[how]?.(key, at)) ?? []
        const said = await findDamage(store, backupId, 'contents').catch((error: Error) => [error.message])
        for (const each of damaged) {
          const text = whole.get(each)
          await (text === undefined ? remove(each) : put(each, text))
        }
        // What is added to the catalog is no part of a backup.
        if (damaged[0]?.startsWith('catalog/') && how === 'add') return
        expect(damaged.filter((each) => said.some((sentence) => sentence.includes(each)))).not.toEqual([])
      })
      // Its seed is printed where one is not found.
      await fc.assert(property, { numRuns: DAMAGES, endOnFailure: true })
      expect(await findDamage(store, backupId, 'contents')).toEqual([])
    },
    DAMAGES_MILLISECONDS,
  )
})
