import { type BackupProof, type BackupRecord, backupProofSchema } from '../domain/backup-record.ts'
import type { BackupId } from '../domain/names.ts'
import { CATALOG_PREFIX, catalogPrefix, type ProofResult, parseCatalogKey, recordKey, startOf } from './catalog-keys.ts'
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
  const proofs = new Map<BackupId, NonNullable<ListedBackup['lastProof']>>()
  const recorded = new Set<BackupId>()
  for await (const { key } of store.list(CATALOG_PREFIX)) {
    const entry = parseCatalogKey(key)
    if (entry?.kind === 'record') recorded.add(entry.backupId)
    // Keys come in order, and so do the times in them.
    else if (entry?.kind === 'proof') proofs.set(entry.backupId, { at: entry.at, result: entry.result })
  }
  return [...recorded]
    .map((backupId) => ({ backupId, startedAt: startOf(backupId), lastProof: proofs.get(backupId) ?? null }))
    .sort((one, other) => (one.backupId < other.backupId ? 1 : -1))
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
    const parsed = backupProofSchema.safeParse(parseJson((await store.readText(key)) ?? ''))
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
