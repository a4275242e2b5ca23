import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { listBackups, readProofs, readRecord } from '../../src/catalog/catalog.ts'
import { proofKey, recordKey } from '../../src/catalog/catalog-keys.ts'
import { findDamage } from '../../src/catalog/find-damage.ts'
import { recordText } from '../../src/catalog/record-text.ts'
import type { S3Store } from '../../src/catalog/s3-store.ts'
import { backupIdSchema } from '../../src/domain/names.ts'
import { type StandIn, startStandIn } from '../lab/aws/support/stand-in.ts'
import { recordBody } from './support/record-body.ts'
import { TestBucket } from './support/test-bucket.ts'

const DAMAGES_MILLISECONDS = 300_000
const SEED = Number(process.env.HOLDFAST_DAMAGES_SEED ?? Date.now() % 1_000_000)

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
const dataKeys = keys.filter((key) => key !== recordKey(backupId))
/** Whole, and of another backup. */
const foreignRecord = recordText({
  ...recordBody,
  backupId: backupIdSchema().parse('20260201T235959Z-1a2b3c4d'),
  objects,
})

let aws: StandIn
let bucket: TestBucket
let store: S3Store

async function put(key: string, body: string | Buffer): Promise<void> {
  await bucket.put(key, body)
}

async function remove(key: string): Promise<void> {
  await store.delete([key])
}

/** What is done to an object of the bucket. @returns the keys of which at least one must be named */
interface Damage {
  /** What it may be done to. */
  readonly to: readonly string[]
  readonly damage: (key: string, at: number) => Promise<string[]>
}

const damages: Readonly<Record<string, Damage>> = {
  'flip a bit': {
    to: keys,
    damage: async (key, at) => {
      const bytes = Buffer.from(whole.get(key) ?? '')
      const index = at % bytes.length
      bytes[index] = (bytes[index] ?? 0) ^ (1 << (at % 8))
      await put(key, bytes)
      return [key]
    },
  },
  remove: {
    to: keys,
    damage: async (key) => {
      await remove(key)
      return [key]
    },
  },
  truncate: {
    to: keys,
    damage: async (key, at) => {
      const text = whole.get(key) ?? ''
      await put(key, Buffer.from(text.slice(0, at % text.length)))
      return [key]
    },
  },
  // What is added to the catalog is no part of a backup.
  add: {
    to: dataKeys,
    damage: async (key) => {
      const added = key.replace(/[^/]+$/, 'added')
      await put(added, 'x')
      return [added]
    },
  },
  swap: {
    to: keys,
    damage: async (key, at) => {
      const others = keys.filter((each) => whole.get(each) !== whole.get(key))
      const other = others[at % others.length] ?? ''
      await put(key, whole.get(other) ?? '')
      await put(other, whole.get(key) ?? '')
      return [key, other]
    },
  },
  'edit a value': {
    to: [recordKey(backupId)],
    damage: async (key, at) => {
      await put(key, edited(record, at))
      return [key]
    },
  },
  'take the record of another backup': {
    to: [recordKey(backupId)],
    damage: async (key) => {
      await put(key, foreignRecord)
      return [key]
    },
  },
}

/** Another text that is as records are: a digit of some number, time or hash in it is another one. */
function edited(text: string, at: number): string {
  const digits = [...text.matchAll(/\d/g)]
  const digit = digits[at % digits.length]
  if (!digit) throw new Error('A record has digits.')
  const other = (Number(digit[0]) + 1 + (at % 9)) % 10
  return `${text.slice(0, digit.index)}${other}${text.slice(digit.index + 1)}`
}

/**
 * Tests of what is found in a catalog that was damaged at random, from a seed that they print (`HOLDFAST_DAMAGES_SEED` has one again).
 *
 * @param count of damages
 */
export function describeDamages(count: number): void {
  describe('a catalog in S3', () => {
    beforeAll(async () => {
      aws = await startStandIn()
      bucket = await TestBucket.of(aws)
      store = bucket.store
      for (const [key, text] of whole) await put(key, text)
    })

    afterAll(async () => await aws.stop())

    test('a record is written once', async () => {
      expect(await store.create(recordKey(backupId), 'another')).toBe(false)
      expect(await store.readText(recordKey(backupId))).toBe(record)
    })

    test('a backup is listed by its record, with its last proof', async () => {
      expect(await listBackups(store)).toEqual([
        { backupId, startedAt: new Date(recordBody.startedAt), lastProof: null },
      ])
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
      `${count} damages of seed ${SEED} are found, and the object is named`,
      async () => {
        const anyDamage = fc.constantFrom(...Object.entries(damages)).chain(([how, { to, damage }]) =>
          fc.record({
            how: fc.constant(how),
            damage: fc.constant(damage),
            key: fc.constantFrom(...to),
            at: fc.nat(100_000),
          }),
        )
        const found = new Map<string, number>()
        const property = fc.asyncProperty(anyDamage, async ({ how, damage, key, at }) => {
          const damaged = await damage(key, at)
          const said = await findDamage(store, backupId, 'contents').catch((error: Error) => [error.message])
          for (const each of damaged) {
            const text = whole.get(each)
            await (text === undefined ? remove(each) : put(each, text))
          }
          expect(damaged.filter((each) => said.some((sentence) => sentence.includes(each)))).not.toEqual([])
          found.set(how, (found.get(how) ?? 0) + 1)
        })
        await fc.assert(property, { seed: SEED, numRuns: count, endOnFailure: true })
        process.stdout.write(`Seed ${SEED}: ${[...found].map(([how, count]) => `${how} ${count}`).join(', ')}\n`)
        expect(await findDamage(store, backupId, 'contents')).toEqual([])
      },
      DAMAGES_MILLISECONDS,
    )
  })
}
