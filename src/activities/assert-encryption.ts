import { ApplicationFailure } from '@temporalio/activity'
import type { Encryption } from '../domain/encryption.ts'
import type { DumpAnswer } from '../domain/step-answers.ts'

/**
 * Checks that a dump is encrypted as it was asked for: an image of before there was any encryption does not know that it was.
 *
 * @param asked absent: none
 * @throws {ApplicationFailure} `EncryptionDiffers`, never retried
 */
export function assertEncryption(asked: Encryption | undefined, dump: DumpAnswer, jobName: string): void {
  const [wanted, found] = [asked ?? 'none', dump.encryption ?? 'none']
  if (wanted === found) return
  throw ApplicationFailure.nonRetryable(
    `The dump was to have the encryption "${wanted}", and has "${found}" (Job ${jobName}). ` +
      'Is the image of the same version as the worker?',
    'EncryptionDiffers',
  )
}
