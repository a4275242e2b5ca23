import { expect, test } from '@jest/globals'
import { msToNumber } from '@temporalio/common'
import { STEP_POLICIES, stepOptions } from '../../src/workflows/step-policies.ts'

test('a step has the times of its policy', () => {
  const { startToClose, scheduleToClose, heartbeat, backOff, maximumBackOff } = STEP_POLICIES.upload
  expect(stepOptions('upload')).toMatchObject({
    startToCloseTimeout: msToNumber(startToClose),
    scheduleToCloseTimeout: msToNumber(scheduleToClose),
    heartbeatTimeout: heartbeat,
    retry: { initialInterval: backOff, maximumInterval: maximumBackOff },
  })
})

test('a request may set its times otherwise', () => {
  const options = stepOptions('dump', { startToCloseSeconds: 90, scheduleToCloseSeconds: 180 })
  expect(options).toMatchObject({ startToCloseTimeout: 90_000, scheduleToCloseTimeout: 180_000 })
})

test("an operator's later deadline counts for more than the request's times", () => {
  const times = { startToCloseSeconds: 90, scheduleToCloseSeconds: 180 }
  const { startToCloseTimeout, scheduleToCloseTimeout } = stepOptions('dump', times, { deadlineSeconds: 7200 })
  expect(startToCloseTimeout).toBeGreaterThan(7_200_000)
  expect(scheduleToCloseTimeout).toBeGreaterThan(7_200_000)
})

test('a Job with a later deadline is followed beyond it', () => {
  const { startToCloseTimeout, scheduleToCloseTimeout } = stepOptions('provision', {}, { deadlineSeconds: 7200 })
  expect(startToCloseTimeout).toBeGreaterThan(7_200_000)
  expect(scheduleToCloseTimeout).toBeGreaterThan(7_200_000)
})
