import { expect, test } from '@jest/globals'
import { linesView } from '../../src/cli/pipeline-view.ts'
import { pendingText, type StepView } from '../../src/cli/step-text.ts'
import type { PendingJob } from '../../src/domain/progress.ts'

function dumping(percent: number): PendingJob {
  const progress = { percent, bytes: 12_000_000, rows: 5, bytesPerSecond: 2_000_000, secondsLeft: 9 }
  return { attempt: 1, job: { jobName: 'hf-dump-1', namespace: 's3-test', phase: 'running', progress } }
}

function step(state: StepView['step']['state'], pending?: PendingJob): StepView {
  const times = state === 'done' ? { startedAt: 0, endedAt: 1500, summary: '4 tables' } : { startedAt: 0 }
  return { step: { name: 'dump', state, ...times }, ...(pending && { pending }) }
}

test('lines tell of each change of a step once, and of its progress every ten seconds', () => {
  const lines: string[] = []
  let now = 0
  const view = linesView(
    (line) => lines.push(line),
    () => now,
  )
  const looks: readonly [number, StepView][] = [
    [0, { step: { name: 'dump', state: 'pending' } }],
    [500, step('running')],
    [1000, step('running', dumping(10))],
    [10_600, step('running', dumping(34))],
    [20_700, step('running', dumping(34))],
    [21_000, step('done')],
    [21_500, step('done')],
  ]
  for (const [at, look] of looks) {
    now = at
    view.show([look])
  }
  expect(lines).toEqual([
    'dump            running',
    'dump            running: 34 %, 12 MB, 5 rows, 2 MB/s, 9 s left',
    'dump            done 1.5 s: 4 tables',
  ])
})

test('what a step is doing says which attempt it is, and why there had to be another', () => {
  const job = { jobName: 'hf-upload-2', namespace: 's3-test', phase: 'pending' } as const
  expect(pendingText({ attempt: 2, job, lastFailure: 'S3 refused\nmore' })).toBe(
    'attempt 2; hf-upload-2 is waiting for its pod; before: S3 refused',
  )
  expect(pendingText({ attempt: 1 })).toBe('')
})

test('a Job without numbers is told by the last words of its log', () => {
  const job = { jobName: 'hf-provision-1', namespace: 'holdfast', phase: 'running', lastLine: 'bucket made' } as const
  expect(pendingText({ attempt: 1, job })).toBe('bucket made')
})
