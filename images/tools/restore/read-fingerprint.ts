import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { RecordError, readRecord } from '../../../src/catalog/catalog.ts'
import type { Store } from '../../../src/catalog/s3-store.ts'
import type { BackupObject } from '../../../src/domain/backup-record.ts'
import type { BackupId } from '../../../src/domain/names.ts'
import type { DataCopy } from '../../../src/domain/restore-request.ts'
import { asStep } from '../catalog/open-store.ts'
import { FINGERPRINT_FILE, storedName } from '../dump/dump-manifest.ts'
import { findIdentity, openText } from '../encryption/identity.ts'
import { type Fingerprint, fingerprintSchema } from '../fingerprint/fingerprint.ts'
import type { Children } from '../job/children.ts'
import { StepError } from '../job/step-error.ts'
import { notAsRecorded } from './recorded-objects.ts'

/** Where a fingerprint lies, and what it may need to be read. */
export interface FingerprintSource {
  readonly store: Store
  readonly backupId: BackupId
  readonly copy: DataCopy
  /** Where the identity is if the backup is encrypted. */
  readonly identityFile: string
  readonly children: Children
}

/**
 * What a restored backup must equal.
 *
 * @throws {StepError} `NotAsRecorded` if the fingerprint is not the one that was written; `FingerprintUnreadable` if it is of another
 * version of Holdfast; `IdentityMissing`, `IdentityWrong` or `IdentityInvalid` if it is encrypted and cannot be opened
 */
export async function readFingerprint(source: FingerprintSource): Promise<Fingerprint> {
  const { store, backupId, copy, children } = source
  const { encryption = 'none', objects } = await asStep('Reading the record', () => readRecord(store, backupId)).catch(
    throwNotAsRecorded,
  )
  const identityFile = await findIdentity(encryption, source.identityFile)
  const name = storedName(FINGERPRINT_FILE, encryption)
  const key = `${copy}/${backupId}/${name}`
  const object = objects.find((each) => each.name === name)
  const stored = await asStep(`Reading ${key}`, () => readRecorded(store, key, object)).catch(throwNotAsRecorded)
  const text =
    identityFile === undefined
      ? stored.toString('utf8')
      : await openText(children, identityFile, Readable.from([stored]))
  try {
    return fingerprintSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new StepError({
      type: 'FingerprintUnreadable',
      message: `${key} is no fingerprint of this version's: ${error instanceof Error ? error.message : error}.`,
      remedy: 'Verify the backup by the version of Holdfast that made it.',
      retryable: false,
      cause: error,
    })
  }
}

async function readRecorded(store: Store, key: string, object: BackupObject | undefined): Promise<Buffer> {
  if (!object) throw new RecordError(`${key} is not in the record.`)
  const body = await store.read(key)
  if (body === undefined) throw new RecordError(`${key} is missing.`)
  const stored = await buffer(body)
  if (createHash('sha256').update(stored).digest('hex') === object.sha256) return stored
  throw new RecordError(`${key} has another SHA-256 than the record says.`)
}

function throwNotAsRecorded(error: unknown): never {
  throw notAsRecorded(error)
}
