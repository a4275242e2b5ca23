import { type BackupId, backupIdSchema, randomPartOf } from '../domain/names.ts'

/**
 * Where records lie. Not in the folders of the data: so one listing, a page for each thousand keys, says which backups there are
 * and when each was proven, without opening a record.
 */
export const CATALOG_PREFIX = 'catalog/'

/** How the key of each record and of each proof ends. */
export const CATALOG_SUFFIX = '.json'

/** The folders that each hold all data of a backup. */
export const DATA_FOLDERS = ['backup1/', 'backup2/'] as const

/** What of a backup lies in the catalog. */
export function catalogPrefix(backupId: BackupId): string {
  return `${CATALOG_PREFIX}${backupId}/`
}

/** The key of a backup's record. */
export function recordKey(backupId: BackupId): string {
  return `${catalogPrefix(backupId)}backup.json`
}

export type ProofResult = 'equal' | 'different'

/**
 * The key of a proof: no other has it.
 *
 * @param at when it was made
 * @param runId of the pipeline that made it
 */
export function proofKey(backupId: BackupId, at: Date, runId: string, result: ProofResult): string {
  return `${catalogPrefix(backupId)}proof-${compactTime(at)}-${randomPartOf(runId)}-${result}.json`
}

/** A key of the catalog, taken apart. */
export type CatalogEntry =
  | { readonly kind: 'record'; readonly backupId: BackupId }
  | {
      readonly kind: 'proof'
      readonly backupId: BackupId
      readonly at: Date
      /** Eight hexadecimal digits of the id of the run that made it. */
      readonly run: string
      readonly result: ProofResult
    }

/** What a key of the catalog says. @returns undefined where the key is not one that Holdfast makes */
export function parseCatalogKey(key: string): CatalogEntry | undefined {
  const found = /^catalog\/([^/]+)\/(?:backup\.json|proof-(\d{8}T\d{6}Z)-([0-9a-f]{8})-(equal|different)\.json)$/.exec(
    key,
  )
  const backupId = backupIdSchema().safeParse(found?.[1])
  if (!found || !backupId.success) return undefined
  const [, , at, run = '', result] = found
  if (at === undefined) return { kind: 'record', backupId: backupId.data }
  return {
    kind: 'proof',
    backupId: backupId.data,
    at: parseTime(at),
    run,
    result: result === 'equal' ? 'equal' : 'different',
  }
}

/** When the pipeline of a backup started, in whole seconds. */
export function startOf(backupId: BackupId): Date {
  return parseTime(backupId.slice(0, '20260131T235959Z'.length))
}

function compactTime(at: Date): string {
  return at.toISOString().replaceAll(/[-:]|\.\d+/g, '')
}

function parseTime(text: string): Date {
  return new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}
