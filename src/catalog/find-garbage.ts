import { type BackupId, backupIdSchema } from '../domain/names.ts'
import { CATALOG_PREFIX, CATALOG_SUFFIX, DATA_FOLDERS, parseCatalogKey, startOf } from './catalog-keys.ts'
import type { Store } from './s3-store.ts'

/** What is left of a backup that has no record. */
export interface Garbage {
  readonly backupId: BackupId
  readonly objects: number
  readonly bytes: number
}

const HOUR_MILLISECONDS = 3_600_000

/**
 * Finds what broken runs and interrupted deletions have left.
 *
 * @param minimumAgeHours counted from the pipeline's start. What is younger may be a backup that is still being made
 */
export async function findGarbage(store: Store, minimumAgeHours: number, now: Date): Promise<Garbage[]> {
  const recorded = new Set<string>()
  for await (const key of store.listKeys(CATALOG_PREFIX, CATALOG_SUFFIX)) {
    const entry = parseCatalogKey(key)
    if (entry?.kind === 'record') recorded.add(entry.backupId)
  }
  const garbage = new Map<BackupId, Garbage>()
  for (const folder of [...DATA_FOLDERS, CATALOG_PREFIX]) {
    for await (const { key, bytes } of store.list(folder)) {
      const parsed = backupIdSchema().safeParse(key.slice(folder.length).split('/')[0])
      // What is not Holdfast's is left alone.
      if (!parsed.success || recorded.has(parsed.data)) continue
      if (now.getTime() - startOf(parsed.data).getTime() < minimumAgeHours * HOUR_MILLISECONDS) continue
      const before = garbage.get(parsed.data)
      garbage.set(parsed.data, {
        backupId: parsed.data,
        objects: (before?.objects ?? 0) + 1,
        bytes: (before?.bytes ?? 0) + bytes,
      })
    }
  }
  return [...garbage.values()]
}
