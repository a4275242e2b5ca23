import { expect, test } from '@jest/globals'
import { ApiException } from '@kubernetes/client-node'
import { ApplicationFailure } from '@temporalio/activity'
import { explainRefusals } from '../../src/activities/explain-refusals.ts'

const FORBIDDEN =
  'secrets is forbidden: User "worker" cannot create resource "secrets" in API group "" in the namespace "shop"'
const QUOTA = 'persistentvolumeclaims "staging" is forbidden: exceeded quota: storage'
const ENDING = 'unable to create new content in namespace shop because it is being terminated'

/** What an activity of this name fails with whose request the API server answers so. */
async function failureOf(error: unknown): Promise<unknown> {
  const { deploy } = explainRefusals({ deploy: async () => await Promise.reject(error) })
  return await deploy().catch((failure: unknown) => failure)
}

function answer(code: number, message: string): ApiException<string> {
  return new ApiException(code, 'unknown', JSON.stringify({ kind: 'Status', message }), {})
}

test.each([
  ['a missing right', answer(403, FORBIDDEN), 'PermissionDenied', true, FORBIDDEN],
  ['a quota', answer(403, QUOTA), 'RequestRefused', true, QUOTA],
  ['an object that is not valid', answer(422, 'spec is wrong'), 'RequestRefused', true, 'spec is wrong'],
  ['a namespace that is about to go', answer(403, ENDING), 'RequestRefused', false, ENDING],
])('%s is told in the words of the API server', async (_, error, type, nonRetryable, words) => {
  const failure = await failureOf(error)
  expect(failure).toBeInstanceOf(ApplicationFailure)
  expect(failure).toMatchObject({ type, nonRetryable, message: expect.stringContaining(words) })
})

test.each([
  ['an API server that is busy', answer(429, 'too many requests')],
  ['an API server that is starting', answer(503, 'not ready')],
  ['what an activity says itself', ApplicationFailure.nonRetryable('no such schema', 'SchemaNotFound')],
])('%s is passed on as it is', async (_, error) => {
  expect(await failureOf(error)).toBe(error)
})

test('an activity that is granted all it asks for answers as it did', async () => {
  const { add } = explainRefusals({ add: async (a: number, b: number) => a + b })
  expect(await add(1, 2)).toBe(3)
})
