import { expect, test } from '@jest/globals'
import { ChildError } from '../../../../images/tools/job/children.ts'
import { toStepError } from '../../../../images/tools/job/step-error.ts'

function coded(code: string): Error {
  return Object.assign(new Error('it said so'), { code })
}

test.each([
  ['a full volume', coded('ENOSPC'), { type: 'VolumeFull', retryable: false }],
  [
    'a full volume that another program has written to',
    new ChildError('zstd', 'ended with exit code 70', ['zstd: error 70 : Write error : No space left on device']),
    { type: 'VolumeFull', retryable: false },
  ],
  [
    "a full disk of MySQL's server",
    new ChildError('mysqldump', 'ended with exit code 2', ['Error 3: Error writing file (No space left on device)']),
    { type: 'Unexpected', retryable: true },
  ],
  [
    'another failure of such a program',
    new ChildError('zstd', 'ended with exit code 1', []),
    { type: 'Unexpected', retryable: true },
  ],
  ['a lost connection', coded('PROTOCOL_CONNECTION_LOST'), { type: 'ConnectionLost', retryable: true }],
  [
    'a question on one that was lost before',
    new Error("Can't add new command when connection is in closed state"),
    { type: 'ConnectionLost', retryable: true },
  ],
  ['what nobody thought of', new TypeError('x is undefined'), { type: 'Unexpected', retryable: true }],
])('%s is told as such', (_, error, expected) => {
  expect(toStepError(error)).toMatchObject(expected)
})

test('a connection that S3 has broken is not told as one of MySQL', () => {
  expect(toStepError(coded('ECONNRESET')).type).toBe('Unexpected')
})
