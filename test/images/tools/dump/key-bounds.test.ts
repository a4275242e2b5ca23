import { expect, test } from '@jest/globals'
import { findKeyBounds, type KeyRange, sharesOf } from '../../../../images/tools/dump/key-bounds.ts'

function countIn(keys: readonly number[]): (range: KeyRange) => Promise<number> {
  return async ({ from, to }) => keys.filter((key) => key >= from && key < to).length
}

/** How many keys each part has of these shares. */
async function parts(keys: readonly number[], shares: readonly number[]): Promise<number[]> {
  const whole = { from: BigInt(Math.min(...keys)), to: BigInt(Math.max(...keys)) + 1n }
  const bounds = await findKeyBounds(whole, shares, countIn(keys))
  const edges = [whole.from, ...bounds, whole.to]
  expect(edges).toEqual(edges.toSorted((one, other) => Number(one - other)))
  return await Promise.all(edges.slice(1).map((to, index) => countIn(keys)({ from: edges[index] ?? whole.from, to })))
}

const quarters = [0.25, 0.25, 0.25, 0.25]
const fifths = [0.2, 0.2, 0.2, 0.2, 0.2]
const even = Array.from({ length: 1000 }, (_, index) => index + 1)

test('keys without gaps are parted into equal parts', async () => {
  for (const count of await parts(even, quarters)) expect(count).toBeGreaterThanOrEqual(220)
})

test.each([
  ['most of them far away from the first', [1, ...even.map((key) => key + 9_000_000_000)]],
  ['in two heaps', [...even.slice(0, 500), ...even.map((key) => key * 1000 + 5_000_000).slice(0, 500)]],
  ['below zero too', even.map((key) => key - 500)],
])('keys that are unevenly spread, %s, are parted into parts that are nearly equal', async (_, keys) => {
  const counts = await parts(keys, quarters)
  expect(counts).toHaveLength(4)
  expect(Math.max(...counts)).toBeLessThan(keys.length / 3)
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(keys.length)
})

test('fewer keys than parts give a part to each at most', async () => {
  expect((await parts([7, 8], fifths)).length).toBeLessThanOrEqual(2)
  expect(await parts([7], fifths)).toEqual([1])
})

test('each part is to be smaller than the one before, in even steps, and is so', async () => {
  expect(sharesOf(1)).toEqual([1])
  expect(sharesOf(4)).toEqual([0.4, 0.3, 0.2, 0.1])
  const counts = await parts(even, sharesOf(4))
  expect(counts).toHaveLength(4)
  counts.forEach((count, index) => {
    expect(Math.abs(count - 1000 * (sharesOf(4)[index] ?? 0))).toBeLessThanOrEqual(1000 / 32)
  })
})
