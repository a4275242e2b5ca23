import type { BackupId } from '../domain/names.ts'
import { CATALOG_PREFIX, CATALOG_SUFFIX, type ProofResult, parseCatalogKey, startOf } from './catalog-keys.ts'
import type { Store } from './s3-store.ts'

/** One time that a backup was restored and compared, as its key tells of it. */
export interface ListedProof {
  readonly at: Date
  readonly result: ProofResult
  /** Which run of a workflow made it: `randomPartOf` its id. */
  readonly run: string
}

/** A backup with all its proofs, oldest first. */
export interface BackupWithProofs {
  readonly backupId: BackupId
  /** When its pipeline started. */
  readonly startedAt: Date
  readonly proofs: readonly ListedProof[]
}

/** The backups of a bucket, oldest first. No object is opened. */
export async function listBackupsWithProofs(store: Store): Promise<BackupWithProofs[]> {
  const backups: (BackupWithProofs & { readonly proofs: ListedProof[] })[] = []
  // Keys come in order: a record stands before its proofs, and a proof before those that were made after it.
  for await (const key of store.listKeys(CATALOG_PREFIX, CATALOG_SUFFIX)) {
    const entry = parseCatalogKey(key)
    const last = backups.at(-1)
    if (entry?.kind === 'record') {
      backups.push({ backupId: entry.backupId, startedAt: startOf(entry.backupId), proofs: [] })
    } else if (entry?.kind === 'proof' && entry.backupId === last?.backupId) {
      last.proofs.push({ at: entry.at, result: entry.result, run: entry.run })
    }
  }
  return backups
}
