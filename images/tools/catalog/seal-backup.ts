import { recordKey, startOf } from '../../../src/catalog/catalog-keys.ts'
import { recordText } from '../../../src/catalog/record-text.ts'
import type { Store } from '../../../src/catalog/s3-store.ts'
import type { BackupObject, BackupOrigin } from '../../../src/domain/backup-record.ts'
import type { BackupId } from '../../../src/domain/names.ts'
import { MANIFEST_FILE, parseManifest } from '../dump/dump-manifest.ts'
import { StepError } from '../job/step-error.ts'
import { backupObjects } from './backup-objects.ts'
import { asStep } from './open-store.ts'

/**
 * Writes the record of a backup whose two copies are known to be equal: from then on it is one. A record that is there and says
 * the same was written by a try before this one.
 *
 * @throws {StepError} `NotAsDumped` if what lies there is not what the dump's manifest says; `RecordExists` if there is another
 * record
 */
export async function sealBackup(store: Store, backupId: BackupId, origin: BackupOrigin): Promise<string> {
  const prefix = `backup2/${backupId}/`
  const manifestText = await asStep(`Reading ${prefix}${MANIFEST_FILE}`, () => store.readText(prefix + MANIFEST_FILE))
  const manifest = parseManifest(manifestText ?? '')
  if (typeof manifest === 'string') throw notAsDumped(prefix, manifest)
  const objects = backupObjects(manifest, manifestText ?? '')
  await assertThere(store, prefix, objects)

  const { engine, server, lockedMilliseconds, withoutSnapshots, schemas, encryption } = manifest
  const facts = { engine, server, lockedMilliseconds, withoutSnapshots, schemas, ...(encryption && { encryption }) }
  const startedAt = startOf(backupId).toISOString()
  const text = recordText({ version: 1, backupId, startedAt, ...origin, ...facts, objects })
  const key = recordKey(backupId)
  const isNew = await asStep(`Writing ${key}`, () => store.create(key, text))
  if (!isNew && (await asStep(`Reading ${key}`, () => store.readText(key))) !== text) throw recordExists(key)
  return key
}

/** Their contents were compared, when they were uploaded and when they were copied. */
async function assertThere(store: Store, prefix: string, objects: readonly BackupObject[]): Promise<void> {
  const missing = new Map(objects.map(({ name, bytes }) => [prefix + name, bytes]))
  await asStep(`Listing ${prefix}`, async () => {
    for await (const { key, bytes } of store.list(prefix)) {
      if (missing.get(key) !== bytes)
        throw notAsDumped(prefix, `${key}, with ${bytes} bytes, is not in the manifest so.`)
      missing.delete(key)
    }
  })
  const [first] = missing.keys()
  if (first !== undefined) throw notAsDumped(prefix, `${first} is missing.`)
}

function notAsDumped(prefix: string, why: string): StepError {
  return new StepError({
    type: 'NotAsDumped',
    message: `What lies in ${prefix} is not what was dumped. ${why}`,
    remedy: 'Something else writes there, or has written there: look at the object named.',
    retryable: false,
  })
}

function recordExists(key: string): StepError {
  return new StepError({
    type: 'RecordExists',
    message: `There is a record ${key} that says something else. It was left as it is.`,
    remedy: 'A record is written once, by the pipeline that made the backup: see who wrote this one.',
    retryable: false,
  })
}
