import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { stubActivities } from '../support/stub-activities.ts'
import { SETUP_MILLISECONDS, TestTemporal } from '../support/test-temporal.ts'

// On the dev server: the one that skips time does not end the children of a workflow that was terminated.
let temporal: TestTemporal

beforeAll(async () => {
  temporal = await TestTemporal.devServer()
}, SETUP_MILLISECONDS)

afterAll(async () => {
  await temporal.stop()
})

test('the database of a pipeline that was terminated can be had', async () => {
  const reached = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const first = stubActivities(async (name) => {
    if (name !== 'dump') return
    reached.resolve()
    await go.promise
  })
  await temporal.run(first, {}, async (handle) => {
    await reached.promise
    await handle.terminate()
    go.resolve()
  })
  const result = await temporal.run(stubActivities(), { whenBusy: 'wait' }, (handle) => handle.result())
  expect(result.outcome).toBe('proven')
})
