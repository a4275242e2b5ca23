import { RecordError, readRecord } from '../../../src/catalog/catalog.ts'
import { findDamageOfCopy } from '../../../src/catalog/find-damage.ts'
import type { Store } from '../../../src/catalog/s3-store.ts'
import type { BackupObject } from '../../../src/domain/backup-record.ts'
import type { BackupId } from '../../../src/domain/names.ts'
import type { DataCopy } from '../../../src/domain/restore-request.ts'
import { asStep } from '../catalog/open-store.ts'
import { StepError } from '../job/step-error.ts'

/**
 * The objects of a backup as its record has them, by their names, after the names and sizes in the bucket were compared with it.
 *
 * @throws {StepError} `NotAsRecorded`, naming the object that is missing, too many, or of another size
 */
export async function recordedObjects(
  store: Store,
  backupId: BackupId,
  copy: DataCopy,
): Promise<ReadonlyMap<string, BackupObject>> {
  return await asStep(`Comparing ${copy}/${backupId}/ with its record`, async () => {
    const { objects } = await readRecord(store, backupId)
    const [damage] = await findDamageOfCopy(store, `${copy}/${backupId}/`, objects, 'listing')
    if (damage !== undefined) throw new RecordError(damage)
    return new Map(objects.map((object) => [object.name, object]))
  }).catch((error: unknown) => {
    throw notAsRecorded(error)
  })
}

/** What is wrong with a backup or its record as a failure of the step; anything else as it is. */
export function notAsRecorded(error: unknown): unknown {
  if (!(error instanceof RecordError)) return error
  return new StepError({
    type: 'NotAsRecorded',
    message: `The backup is not what was written. ${error.message}`,
    remedy:
      'What was restored of it so far must not be relied on. `holdfast backups verify` says whether the other copy of this backup is whole.',
    retryable: false,
    cause: error,
  })
}
