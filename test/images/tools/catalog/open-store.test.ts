import { expect, test } from '@jest/globals'
import { asStep } from '../../../../images/tools/catalog/open-store.ts'
import { StepError } from '../../../../images/tools/job/step-error.ts'
import { RecordError } from '../../../../src/catalog/catalog.ts'

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}

test.each([
  [named('AccessDenied', 'no'), { type: 'AccessDenied', retryable: false }],
  [named('CredentialsProviderError', 'none'), { type: 'NoCredentials', retryable: false }],
  [Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), { type: 'S3Failed', retryable: true }],
])('%s is told as a failure of S3', async (error, expected) => {
  const failed = asStep('Reading x', async () => Promise.reject(error))
  await expect(failed).rejects.toMatchObject({ ...expected, message: expect.stringContaining('Reading x failed') })
})

test.each([new StepError({ type: 'NotAsDumped', message: 'x', remedy: 'y', retryable: false }), new RecordError('x')])(
  '%s stays what it is',
  async (error) => {
    await expect(asStep('Reading x', async () => Promise.reject(error))).rejects.toBe(error)
  },
)
