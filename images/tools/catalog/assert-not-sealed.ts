import { recordKey } from '../../../src/catalog/catalog-keys.ts'
import { parseRecord } from '../../../src/catalog/record-text.ts'
import type { Store } from '../../../src/catalog/s3-store.ts'
import type { BackupObject } from '../../../src/domain/backup-record.ts'
import type { BackupId } from '../../../src/domain/names.ts'
import { StepError } from '../job/step-error.ts'
import { asStep } from './open-store.ts'

/**
 * Checks that nothing is about to be written over a backup, and that none is taken back: a pipeline that is reset to before its
 * upload keeps its backup id, and dumps the database as it is by then.
 *
 * @param objects that are to be uploaded: a record of the very same is in nobody's way. Absent: there is to be no record
 * @throws {StepError} `BackupSealed` if there is a record of others, or one that cannot be read
 */
export async function assertNotSealed(
  store: Pick<Store, 'readText'>,
  backupId: BackupId,
  objects: readonly BackupObject[] = [],
): Promise<void> {
  const key = recordKey(backupId)
  const text = await asStep(`Reading ${key}`, () => store.readText(key))
  if (text === undefined) return
  const record = parseRecord(text)
  if (typeof record !== 'string' && textOf(record.objects) === textOf(objects)) return
  throw new StepError({
    type: 'BackupSealed',
    message: `The backup ${backupId} is complete: it has a record, ${key}. It was left as it is.`,
    remedy:
      'A pipeline that was reset finds what it has made before. Start a new one for another backup; `holdfast backups delete` ' +
      'deletes this one.',
    retryable: false,
  })
}

function textOf(objects: readonly BackupObject[]): string {
  return objects
    .map(({ name, bytes, sha256 }) => `${name} ${bytes} ${sha256}`)
    .sort()
    .join('\n')
}
