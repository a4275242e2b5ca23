import { expect, test } from '@jest/globals'
import { jobName } from '../../src/kubernetes/job-identity.ts'

const identity = { workflowId: 'nightly shop/2026', runId: '0b5c', purpose: 'loadSampleData' } as const

test("a Job's name is a DNS label that says its step and its try", () => {
  expect(jobName(identity, 2)).toMatch(/^hf-load-sample-data-[0-9a-f]{10}-2$/)
  expect(jobName({ ...identity, workflowId: 'x'.repeat(900) }, 1).length).toBeLessThanOrEqual(63)
})

test.each([{ workflowId: 'other' }, { runId: 'other' }, { purpose: 'dump' as const }])(
  'a Job of another %j has another name',
  (other) => {
    expect(jobName({ ...identity, ...other }, 1)).not.toBe(jobName(identity, 1))
  },
)

test('the same step of the same run and try has the same name', () => {
  expect(jobName({ ...identity }, 1)).toBe(jobName(identity, 1))
})

test('each round has Jobs of its own; the first is named as if there were none', () => {
  const identity = { workflowId: 'nightly', runId: 'run', purpose: 'dump' } as const
  const names = [undefined, 0, 1, 2].map((round) => jobName({ ...identity, ...(round !== undefined && { round }) }, 1))
  expect(names[1]).toBe(names[0])
  expect(new Set(names).size).toBe(3)
})
