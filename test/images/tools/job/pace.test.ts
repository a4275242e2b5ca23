import { expect, test } from '@jest/globals'
import { Pace } from '../../../../images/tools/job/pace.ts'

test('a pace tells how fast it goes and how long the rest will take', () => {
  const pace = new Pace()
  expect(pace.note({ bytes: 0, percent: 0 }, 0)).toEqual({ bytes: 0, percent: 0 })
  expect(pace.note({ bytes: 100, percent: 20 }, 2000)).toEqual({
    bytes: 100,
    percent: 20,
    bytesPerSecond: 50,
    secondsLeft: 8,
  })
})

test('a pace looks at the last seconds only', () => {
  const pace = new Pace()
  pace.note({ rows: 0 }, 0)
  pace.note({ rows: 10_000 }, 1000)
  expect(pace.note({ rows: 10_030 }, 16_000)).toMatchObject({ rowsPerSecond: 2 })
})

test('a part of the work that begins anew is not slower than nothing', () => {
  const pace = new Pace()
  pace.note({ bytes: 0, percent: 0 }, 0)
  pace.note({ bytes: 900, percent: 90 }, 1000)
  expect(pace.note({ rows: 0, percent: 5 }, 2000)).toEqual({ rows: 0, percent: 5 })
})

test('what does not move has no end in sight', () => {
  const pace = new Pace()
  pace.note({ percent: 10 }, 0)
  expect(pace.note({ percent: 10 }, 5000)).not.toHaveProperty('secondsLeft')
})
