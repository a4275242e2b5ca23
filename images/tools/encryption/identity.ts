import { access } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { Encryption } from '../../../src/domain/encryption.ts'
import type { Children } from '../job/children.ts'
import { StepError } from '../job/step-error.ts'
import { ageComplaint, decryptText } from './age.ts'

/** The variables of each step that reads a backup's files. */
export const identityVariables = {
  AGE_IDENTITY_FILE: z.string().min(1).prefault('/run/secrets/age/identity'),
}

/** As age says it. */
const NO_MATCH = /no identity matched/

/**
 * What opens the files of a backup.
 *
 * @param encryption as the backup says; absent in those of before there was any
 * @param file where the identity has to be if there is need of one
 * @returns that file; undefined where the backup is not encrypted
 * @throws {StepError} `IdentityMissing`
 */
export async function findIdentity(encryption: Encryption | undefined, file: string): Promise<string | undefined> {
  if (encryption !== 'age') return undefined
  await access(file).catch((error: unknown) => {
    throw identityMissing(file, error)
  })
  return file
}

/**
 * Decrypts a small file of a backup.
 *
 * @throws {StepError} `IdentityWrong` where the identity is not for this backup; `IdentityInvalid` where age cannot use it
 */
export async function openText(children: Children, identityFile: string, encrypted: Readable): Promise<string> {
  try {
    return await decryptText(children, identityFile, encrypted)
  } catch (error) {
    const complaint = ageComplaint(error)
    if (complaint === undefined) throw error
    throw NO_MATCH.test(complaint)
      ? identityWrong(identityFile, error)
      : identityInvalid(identityFile, complaint, error)
  }
}

function identityMissing(file: string, cause: unknown): StepError {
  return new StepError({
    type: 'IdentityMissing',
    message: `The backup is encrypted, and what opens it is missing: ${file} is not there.`,
    remedy:
      'The namespace needs a Secret `holdfast-age` whose key `identity` holds the identity that the backup was made for: ' +
      'kubectl create secret generic holdfast-age --from-file=recipients --from-file=identity.',
    retryable: false,
    cause,
  })
}

function identityWrong(file: string, cause: unknown): StepError {
  return new StepError({
    type: 'IdentityWrong',
    message: `The backup was encrypted for others: no identity in ${file} opens it.`,
    remedy:
      'Add the identity that was in use when it was made to the key `identity` of the Secret `holdfast-age`: there may be several, ' +
      'one a line. Without it, nobody can read this backup.',
    retryable: false,
    cause,
  })
}

function identityInvalid(file: string, complaint: string, cause: unknown): StepError {
  return new StepError({
    type: 'IdentityInvalid',
    message: `age cannot open the backup by ${file}: ${complaint}.`,
    remedy:
      'Correct the key `identity` of the Secret `holdfast-age`: a file as age-keygen writes it, without a passphrase.',
    retryable: false,
    cause,
  })
}
