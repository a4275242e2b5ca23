import { expect, test } from '@jest/globals'
import { StepError } from '../../../../images/tools/job/step-error.ts'
import { answerText, answerThatFits, failureText } from '../../../../images/tools/job/termination-message.ts'
import { ANSWER_MAX_BYTES, stepFailureSchema } from '../../../../src/domain/step-answers.ts'

function failure(message: string): StepError {
  return new StepError({ type: 'LoadFailed', message, remedy: 'Make more room.', retryable: true })
}

test('an answer that Kubernetes would cut is refused', () => {
  expect(answerText({ schema: 'shop' })).toBe('{"schema":"shop"}')
  expect(() => answerText({ schema: 'x'.repeat(ANSWER_MAX_BYTES) })).toThrow(/4109 bytes/)
})

test('a short failure is whole', () => {
  expect(JSON.parse(failureText(failure('It broke.'))).failure.message).toBe('It broke. Make more room.')
})

test.each([
  ['ASCII', 'e'],
  ['characters that JSON escapes', '"\n'],
  ['characters of four bytes', '😀'],
])('a long failure in %s fits, keeps its start, its end and its remedy', (_, filler) => {
  const text = failureText(failure(`START ${filler.repeat(5000)} END`))
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(ANSWER_MAX_BYTES)
  expect(Buffer.byteLength(text)).toBeGreaterThan(ANSWER_MAX_BYTES - 20)
  const { message } = stepFailureSchema().parse(JSON.parse(text)).failure
  expect(message).toMatch(/^START .* END Make more room\.$/s)
})

test('as many items as fit, and not one more', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `table${index}`)
  const answer = answerThatFits(names.length, (count) => ({ names: names.slice(0, count) }))
  expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(ANSWER_MAX_BYTES)
  const oneMore = { names: names.slice(0, answer.names.length + 1) }
  expect(Buffer.byteLength(JSON.stringify(oneMore))).toBeGreaterThan(ANSWER_MAX_BYTES)
  expect(answerThatFits(3, (count) => count)).toBe(3)
})
