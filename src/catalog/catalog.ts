import { type BackupProof, type BackupRecord, backupProofSchema } from '../domain/backup-record.ts'
import type { BackupId } from '../domain/names.ts'
import {
  CATALOG_PREFIX,
  CATALOG_SUFFIX,
  catalogPrefix,
  type ProofResult,
  parseCatalogKey,
  recordKey,
  startOf,
} from './catalog-keys.ts'
import { parseRecord } from './record-text.ts'
import type { Store } from './s3-store.ts'

/** A backup as a listing of keys tells of it. */
export interface ListedBackup {
  readonly backupId: BackupId
  /** When its pipeline started. */
  readonly startedAt: Date
  /** The last time that it was restored and compared; null if it never was. */
  readonly lastProof: { readonly at: Date; readonly result: ProofResult } | null
}

/** A backup's record cannot be relied on. */
export class RecordError extends Error {
  override readonly name = 'RecordError'
}

/** The backups of a bucket, newest first. No object is opened. */
export async function listBackups(store: Store): Promise<ListedBackup[]> {
  const oldestFirst: ListedBackup[] = []
  // Keys come in order: a record stands before its proofs, and a proof before those that were made after it.
  for await (const key of store.listKeys(CATALOG_PREFIX, CATALOG_SUFFIX)) {
    const entry = parseCatalogKey(key)
    const last = oldestFirst.at(-1)
    if (entry?.kind === 'record') {
      oldestFirst.push({ backupId: entry.backupId, startedAt: startOf(entry.backupId), lastProof: null })
    } else if (entry?.kind === 'proof' && entry.backupId === last?.backupId) {
      oldestFirst[oldestFirst.length - 1] = { ...last, lastProof: { at: entry.at, result: entry.result } }
    }
  }
  return oldestFirst.reverse()
}

/**
 * Reads the record of a backup.
 *
 * @throws {RecordError} naming the object, if there is none or it was changed
 */
export async function readRecord(store: Store, backupId: BackupId): Promise<BackupRecord> {
  const key = recordKey(backupId)
  const text = await store.readText(key)
  if (text === undefined) throw new RecordError(`There is no ${key}: what has no record is no backup.`)
  const record = parseRecord(text)
  if (typeof record === 'string') throw new RecordError(`${key}: ${record} Do not rely on this backup.`)
  if (record.backupId !== backupId) throw new RecordError(`${key} is the record of the backup ${record.backupId}.`)
  return record
}

/** The proofs of a backup, oldest first. @throws {RecordError} naming the object, if one cannot be read */
export async function readProofs(store: Store, backupId: BackupId): Promise<BackupProof[]> {
  const proofs: BackupProof[] = []
  for await (const { key } of store.list(catalogPrefix(backupId))) {
    if (parseCatalogKey(key)?.kind !== 'proof') continue
    const parsed = backupProofSchema().safeParse(parseJson((await store.readText(key)) ?? ''))
    if (!parsed.success) throw new RecordError(`${key} is no proof: ${parsed.error.message}`)
    proofs.push(parsed.data)
  }
  return proofs
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
