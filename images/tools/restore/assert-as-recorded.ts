import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { RecordError, readRecord } from '../../../src/catalog/catalog.ts'
import type { Store } from '../../../src/catalog/s3-store.ts'
import type { BackupId } from '../../../src/domain/names.ts'
import { asStep } from '../catalog/open-store.ts'
import { MANIFEST_FILE, sha256OfFile } from '../dump/dump-manifest.ts'
import { StepError } from '../job/step-error.ts'

/**
 * Compares a folder that was downloaded with the record of its backup: nothing is missing, nothing was added, and the manifest, which
 * vouches for all other files, is the one that was written.
 *
 * @throws {StepError} `NotAsRecorded`, naming the object
 */
export async function assertAsRecorded(store: Store, backupId: BackupId, folder: string): Promise<void> {
  const { objects } = await asStep('Reading the record', () => readRecord(store, backupId)).catch((error: unknown) => {
    throw error instanceof RecordError ? notAsRecorded(error.message) : error
  })
  const names = new Set(objects.map(({ name }) => name))
  for (const file of await readdir(folder)) {
    if (!names.delete(file)) throw notAsRecorded(`backup2/${backupId}/${file} is not in its record.`)
  }
  const [missing] = names
  if (missing !== undefined) throw notAsRecorded(`backup2/${backupId}/${missing} is missing.`)
  const manifest = objects.find(({ name }) => name === MANIFEST_FILE)
  if (manifest?.sha256 !== (await sha256OfFile(join(folder, MANIFEST_FILE)))) {
    throw notAsRecorded(`backup2/${backupId}/${MANIFEST_FILE} has another SHA-256 than its record says.`)
  }
}

function notAsRecorded(why: string): StepError {
  return new StepError({
    type: 'NotAsRecorded',
    message: `The backup is not what was written. ${why}`,
    remedy: 'Nothing was restored. `holdfast backups verify` says whether backup1/ of the same backup is whole.',
    retryable: false,
  })
}
