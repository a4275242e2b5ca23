import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { PruneBackups } from '../../src/workflows/index.ts'
import { type StubActivities, stubActivities } from '../support/stub-activities.ts'
import { applicationFailure, failureOf, SETUP_MILLISECONDS, TestTemporal } from '../support/test-temporal.ts'

let temporal: TestTemporal

beforeAll(async () => {
  temporal = await TestTemporal.skippingTime()
}, SETUP_MILLISECONDS)

afterAll(async () => await temporal.stop())

async function prune(stub: StubActivities, input: unknown) {
  return await temporal.runWith(stub, async (taskQueue) => {
    const options = { taskQueue, workflowId: `prune-${randomUUID()}`, args: [input] as [unknown] }
    return await temporal.environment.client.workflow.execute<typeof PruneBackups>('PruneBackups', options)
  })
}

test('a pruning deletes nothing unless it is told to', async () => {
  const stub = stubActivities()
  expect(await prune(stub, { bucket: 'test-1', rule: { daily: 7 } })).toMatchObject({ mode: 'plan' })
  expect(await prune(stub, { bucket: 'test-1', rule: { daily: 7 }, mode: 'delete' })).toMatchObject({ mode: 'delete' })
  expect(stub.calls).toEqual(['pruneBackups', 'pruneBackups'])
})

test.each([
  [{ bucket: 'test-1' }, /rule/],
  [{ bucket: 'test-1', rule: {} }, /would delete all/],
  [{ bucket: 'test-1', rule: { daily: 1, timeZone: 'Nowhere' } }, /timeZone/],
  [{ bucket: 'Test', rule: { daily: 1 } }, /bucket/],
  [{ bucket: 'test-1', rule: { daily: 1 }, hold: ['x'] }, /hold/],
])('the request %j is refused', async (input, said) => {
  const stub = stubActivities()
  const failure = applicationFailure(await failureOf(prune(stub, input)))
  expect(failure.type).toBe('InvalidRequest')
  expect(failure.message).toMatch(said)
  expect(stub.calls).toEqual([])
})
