import { createHash } from 'node:crypto'
import { RecordError, readRecord } from '../../../src/catalog/catalog.ts'
import type { Store } from '../../../src/catalog/s3-store.ts'
import type { BackupId } from '../../../src/domain/names.ts'
import type { DataCopy } from '../../../src/domain/restore-request.ts'
import { asStep } from '../catalog/open-store.ts'
import { FINGERPRINT_FILE } from '../dump/dump-manifest.ts'
import { type Fingerprint, fingerprintSchema } from '../fingerprint/fingerprint.ts'
import { StepError } from '../job/step-error.ts'
import { notAsRecorded } from './recorded-objects.ts'

/**
 * What a restored backup must equal.
 *
 * @throws {StepError} `NotAsRecorded` if the fingerprint is not the one that was written; `FingerprintUnreadable` if it is of another
 * version of Holdfast
 */
export async function readFingerprint(store: Store, backupId: BackupId, copy: DataCopy): Promise<Fingerprint> {
  const key = `${copy}/${backupId}/${FINGERPRINT_FILE}`
  const text = await asStep(`Reading ${key}`, () => readRecordedText(store, backupId, key)).catch((error: unknown) => {
    throw notAsRecorded(error)
  })
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

async function readRecordedText(store: Store, backupId: BackupId, key: string): Promise<string> {
  const { objects } = await readRecord(store, backupId)
  const object = objects.find(({ name }) => key.endsWith(`/${name}`))
  if (!object) throw new RecordError(`${key} is not in the record.`)
  const text = await store.readText(key)
  if (text === undefined) throw new RecordError(`${key} is missing.`)
  if (createHash('sha256').update(text).digest('hex') === object.sha256) return text
  throw new RecordError(`${key} has another SHA-256 than the record says.`)
}
