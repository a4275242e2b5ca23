import { expect, test } from '@jest/globals'
import { ProgressReporter } from '../../../../images/tools/job/progress-reporter.ts'
import { stepProgressSchema } from '../../../../src/domain/step-answers.ts'

test('progress is printed at most once a second, and only where it changed', () => {
  const lines: string[] = []
  let now = 0
  const progress = new ProgressReporter(
    (line) => lines.push(line),
    () => now,
  )
  progress.report({ percent: 1.4 })
  now = 999
  progress.report({ percent: 50 })
  now = 1000
  progress.report({ percent: 99.6 })
  now = 2000
  progress.report({ percent: 100 })
  now = 3000
  progress.report({ percent: 120, bytes: 7 })
  expect(lines.map((line) => stepProgressSchema().parse(JSON.parse(line)).progress)).toEqual([
    { percent: 1 },
    { percent: 100, secondsLeft: 1 },
    { percent: 100, bytes: 7, bytesPerSecond: 2, secondsLeft: 0 },
  ])
})
