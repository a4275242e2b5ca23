import type { BackupId } from '../domain/names.ts'
import { catalogPrefix, DATA_FOLDERS, recordKey } from './catalog-keys.ts'
import type { Store } from './s3-store.ts'

/** All that there is of a backup. */
export interface BackupKeys {
  /** Absent where it has no record: then it is no backup. */
  readonly record?: string
  /** Of both copies, and of its proofs. */
  readonly others: readonly string[]
}

/** Finds all that there is of a backup. */
export async function listBackupKeys(store: Store, backupId: BackupId): Promise<BackupKeys> {
  const keys: string[] = []
  for (const prefix of [...DATA_FOLDERS.map((folder) => `${folder}${backupId}/`), catalogPrefix(backupId)]) {
    for await (const { key } of store.list(prefix)) keys.push(key)
  }
  const record = recordKey(backupId)
  const others = keys.filter((key) => key !== record)
  return others.length < keys.length ? { record, others } : { others }
}
