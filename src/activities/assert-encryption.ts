import { ApplicationFailure } from '@temporalio/activity'
import type { Encryption } from '../domain/encryption.ts'
import type { DumpAnswer } from '../domain/step-answers.ts'

/**
 * Checks that a dump is encrypted as it was asked for: an image of before there was any encryption does not know that it was.
 *
 * @throws {ApplicationFailure} `EncryptionDiffers`, never retried
 */
export function assertEncryption(asked: Encryption, dump: DumpAnswer, jobName: string): void {
  const { encryption = 'none' } = dump
  if (encryption === asked) return
  throw ApplicationFailure.nonRetryable(
    `The dump was to have the encryption "${asked}", and has "${encryption}" (Job ${jobName}). ` +
      'Is the image of the same version as the worker?',
    'EncryptionDiffers',
  )
}
