import type { BackupId } from '../domain/names.ts'
import { catalogPrefix, DATA_FOLDERS, recordKey } from './catalog-keys.ts'
import type { Store } from './s3-store.ts'

/**
 * Deletes a backup: its record first, so that what an interruption leaves is no backup, and is swept.
 *
 * @returns how many objects were deleted
 * @throws {DeletionRefusedError} if S3 does not let one go. If that is the record, nothing was deleted
 */
export async function deleteBackup(store: Store, backupId: BackupId): Promise<number> {
  const catalog = await keysBelow(store, catalogPrefix(backupId))
  const data: string[] = []
  for (const folder of DATA_FOLDERS) data.push(...(await keysBelow(store, `${folder}${backupId}/`)))
  const record = recordKey(backupId)
  await store.delete(catalog.filter((key) => key === record))
  await store.delete([...data, ...catalog.filter((key) => key !== record)])
  return catalog.length + data.length
}

async function keysBelow(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys
}
