import { describe, expect, test } from '@jest/globals'
import { judgeClocks, offsetBy, offsetOf } from '../../src/domain/clocks.ts'

const NOW = 1_795_612_770_519

describe('how far a clock is', () => {
  test('is what two looks at the other one leave open', () => {
    const offset = offsetOf({ whose: 'worker', read: NOW, before: NOW - 30, after: NOW + 10 })
    expect(offset).toEqual({ whose: 'worker', least: -10, most: 30 })
  })

  test('adds up over the one that it was measured by', () => {
    const s3 = { whose: 'S3', least: -600_999, most: -599_500 }
    expect(offsetBy(s3, { whose: 'pod', least: 600_000, most: 604_000 })).toEqual({
      whose: 'S3',
      least: -999,
      most: 4500,
    })
  })
})

describe('clocks are judged by what is certain', () => {
  test('one that may be right is', () => {
    const offsets = [
      { whose: 'worker', least: -10, most: 30 },
      { whose: 'pod', least: -4900, most: 8200 },
    ]
    expect(judgeClocks(offsets, 5)).toEqual({
      state: 'ok',
      found: "at most this far from Temporal's: worker 0.0 s, pod 8.2 s",
    })
  })

  test.each([
    ['ahead of', { least: 600_000, most: 604_000 }],
    ['behind', { least: -604_000, most: -600_000 }],
  ])('one that is for certain too far %s is not, and is named', (side, bounds) => {
    const found = judgeClocks(
      [
        { whose: 'worker', least: 0, most: 1 },
        { whose: 'pod', ...bounds },
      ],
      5,
    )
    expect(found).toMatchObject({
      state: 'failed',
      found: `the clock of pod is at least 600.0 s ${side} Temporal's. 5 s are allowed.`,
      remedy: expect.stringContaining('NTP'),
    })
  })

  test('the limit itself is allowed', () => {
    expect(judgeClocks([{ whose: 'pod', least: 5000, most: 6000 }], 5)).toMatchObject({ state: 'ok' })
    expect(judgeClocks([{ whose: 'pod', least: 5001, most: 6000 }], 5)).toMatchObject({ state: 'failed' })
  })

  test('none is no reason to say that all is well', () => {
    expect(judgeClocks([], 5)).toMatchObject({ state: 'skipped' })
  })
})
