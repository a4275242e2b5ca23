import { expect, test } from '@jest/globals'
import { retryAfter } from '../../src/notify/retry-after.ts'

const NOW = Date.parse('2026-11-28T02:00:00Z')

test.each([
  [undefined, undefined],
  ['', undefined],
  ['never', undefined],
  ['-5', undefined],
  ['90', 90_000],
  ['0', 1000],
  ['86400', 3_600_000],
  ['9'.repeat(400), 3_600_000],
  ['Sat, 28 Nov 2026 02:00:30 GMT', 30_000],
  ['Sat, 28 Nov 2026 01:00:00 GMT', 1000],
  ['Sun, 29 Nov 2026 02:00:00 GMT', 3_600_000],
])('Retry-After %j', (header, milliseconds) => {
  expect(retryAfter(header, NOW)).toBe(milliseconds)
})
