import { createHash } from 'node:crypto'
import pLimit from 'p-limit'
import type { BackupObject } from '../domain/backup-record.ts'
import type { BackupId } from '../domain/names.ts'
import { readRecord } from './catalog.ts'
import { DATA_FOLDERS } from './catalog-keys.ts'
import type { Store } from './s3-store.ts'

/** Objects that are read at a time. */
const READ_AT_A_TIME = 8

/** How closely a backup is looked at. */
export type Scrutiny =
  /** Names and sizes, by listings alone. */
  | 'listing'
  /** Every byte. */
  | 'contents'

/**
 * Compares what lies in a bucket with the record of a backup.
 *
 * @returns what is wrong, each in a sentence that names the object; empty where all is as it was written
 * @throws {RecordError} if the record itself cannot be relied on
 */
export async function findDamage(store: Store, backupId: BackupId, scrutiny: Scrutiny): Promise<string[]> {
  const { objects } = await readRecord(store, backupId)
  const damages: string[] = []
  for (const folder of DATA_FOLDERS) {
    damages.push(...(await findDamageOfCopy(store, `${folder}${backupId}/`, objects, scrutiny)))
  }
  return damages
}

/**
 * The same for one copy of a backup.
 *
 * @param prefix of the copy, ending in a slash
 * @param objects what the record says of it
 */
export async function findDamageOfCopy(
  store: Store,
  prefix: string,
  objects: readonly BackupObject[],
  scrutiny: Scrutiny,
): Promise<string[]> {
  const found = new Map<string, number>()
  for await (const { key, bytes } of store.list(prefix)) found.set(key, bytes)
  const limit = pLimit(READ_AT_A_TIME)
  const damages = await Promise.all(
    objects.map((object) => limit(() => damageOf(store, `${prefix}${object.name}`, object, found, scrutiny))),
  )
  const known = new Set(objects.map(({ name }) => `${prefix}${name}`))
  const strange = [...found.keys()]
    .filter((key) => !known.has(key))
    .map((key) => `${key} is there, and not in the record.`)
  return [...damages.filter((damage) => damage !== undefined), ...strange]
}

async function damageOf(
  store: Store,
  key: string,
  object: BackupObject,
  found: ReadonlyMap<string, number>,
  scrutiny: Scrutiny,
): Promise<string | undefined> {
  const bytes = found.get(key)
  if (bytes === undefined) return `${key} is missing.`
  if (bytes !== object.bytes) return `${key} has ${bytes} bytes, not the ${object.bytes} of the record.`
  if (scrutiny === 'listing') return undefined
  const body = await store.read(key)
  if (body === undefined) return `${key} is missing.`
  const hash = createHash('sha256')
  for await (const chunk of body) hash.update(chunk)
  return hash.digest('hex') === object.sha256 ? undefined : `${key} has another SHA-256 than the record says.`
}
