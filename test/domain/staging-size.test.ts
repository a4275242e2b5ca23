import { expect, test } from '@jest/globals'
import { stagingBytes } from '../../src/domain/staging-size.ts'

const GIB = 1024 ** 3

test.each([
  [0, 1],
  [1, 2],
  [GIB, 3],
  [90 * GIB, 101],
  [90 * GIB + 1, 102],
])('%i bytes of rows ask for %i GiB', (databaseBytes, gib) => {
  expect(stagingBytes(databaseBytes)).toBe(gib * GIB)
})

test('a dump as large as its rows fits beside what the file system keeps for itself', () => {
  for (const databaseBytes of [GIB, 37 * GIB, 5000 * GIB]) {
    expect(0.9 * stagingBytes(databaseBytes)).toBeGreaterThan(databaseBytes)
  }
})
