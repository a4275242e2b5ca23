import { expect, test } from '@jest/globals'
import { podState, stateOf } from '../../../../images/tools/kubernetes/pod-state.ts'

test.each([
  [404, '{"kind":"Status"}', 'ended'],
  [200, '{"status":{"phase":"Succeeded"}}', 'ended'],
  [200, '{"status":{"phase":"Failed"}}', 'ended'],
  [200, '{"status":{"phase":"Running"}}', 'alive'],
  [200, '{"status":{"phase":"Pending"}}', 'alive'],
  [403, '{"kind":"Status"}', 'unknown'],
  [500, '', 'unknown'],
])('%i %s means %s', (status, body, state) => {
  expect(stateOf(status, body)).toBe(state)
})

test('outside of a cluster nothing is known of a pod', async () => {
  expect(await podState('any')).toBe('unknown')
})
