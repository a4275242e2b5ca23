import { access } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { encryptionSchema } from '../../../src/domain/encryption.ts'
import { type Children, firstFailure } from '../job/children.ts'
import { StepError } from '../job/step-error.ts'
import { ageComplaint, startEncrypting } from './age.ts'

/** The variables of each step that dumps. */
export const encryptionVariables = {
  ENCRYPTION: encryptionSchema().prefault('none'),
  AGE_RECIPIENTS_FILE: z.string().min(1).prefault('/run/secrets/age/recipients'),
}
type EncryptionVariables = z.output<z.ZodObject<typeof encryptionVariables>>

/**
 * For whom a dump is to be encrypted. It is tried, so that a dump does not find out after an hour that age takes none of them.
 *
 * @returns the file with the recipients; undefined where nothing is to be encrypted
 * @throws {StepError} `RecipientsMissing` or `RecipientsInvalid`
 */
export async function findRecipients(variables: EncryptionVariables, children: Children): Promise<string | undefined> {
  const { ENCRYPTION, AGE_RECIPIENTS_FILE: file } = variables
  if (ENCRYPTION === 'none') return undefined
  await access(file).catch((error: unknown) => {
    throw recipientsMissing(file, error)
  })
  try {
    await encryptNothing(children, file)
  } catch (error) {
    const complaint = ageComplaint(error)
    throw complaint === undefined ? error : recipientsInvalid(file, complaint, error)
  }
  return file
}

async function encryptNothing(children: Children, recipientsFile: string): Promise<void> {
  const { stdin, stdout, ended } = startEncrypting(children, recipientsFile, 'pipe')
  stdout?.resume()
  await firstFailure([ended, pipeline([], stdin)])
}

function recipientsMissing(file: string, cause: unknown): StepError {
  return new StepError({
    type: 'RecipientsMissing',
    message: `The backup is to be encrypted, and there is nobody to encrypt it for: ${file} is not there. Nothing was dumped.`,
    remedy:
      "The namespace needs a Secret `holdfast-age` with age's files `recipients` and `identity`: age-keygen -o identity; " +
      'age-keygen -y identity > recipients; kubectl create secret generic holdfast-age --from-file=recipients --from-file=identity.',
    retryable: false,
    cause,
  })
}

function recipientsInvalid(file: string, complaint: string, cause: unknown): StepError {
  return new StepError({
    type: 'RecipientsInvalid',
    message: `age cannot encrypt for the recipients in ${file}: ${complaint}. Nothing was dumped.`,
    remedy:
      'Correct the key `recipients` of the Secret `holdfast-age`: one a line, as `age-keygen -y identity` prints them.',
    retryable: false,
    cause,
  })
}
