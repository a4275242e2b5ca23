import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { dumpFactsSchema } from '../../../src/domain/backup-record.ts'
import type { Encryption } from '../../../src/domain/encryption.ts'
import { fileNameSchema } from '../../../src/domain/names.ts'

/** The file that makes a folder a dump: it is written last. */
export const MANIFEST_FILE = 'manifest.json'
export const FINGERPRINT_FILE = 'fingerprint.json'
/** The accounts of the server, if they were asked for. */
export const ACCOUNTS_FILE = 'accounts.sql.zst'

/**
 * Under which name a file of a dump is stored. The manifest itself is never encrypted: it says what all the others are.
 *
 * @param name that it has where nothing is encrypted
 */
export function storedName(name: string, encryption: Encryption): string {
  return encryption === 'none' ? name : `${name}.${encryption}`
}

const count = z.int().nonnegative()

/** What of a schema a file holds. Files are loaded in this order; those with data at the same time. */
export const FILE_KINDS = ['structure', 'data', 'routines', 'views', 'triggers', 'events', 'eventStates'] as const
export type FileKind = (typeof FILE_KINDS)[number]

const dumpFileSchema = z.strictObject({
  /** Within the dump's folder. */
  path: fileNameSchema(),
  /** `mysqlsh`: one of the files that MySQL Shell has made, and that only MySQL Shell loads, all those of a schema together. */
  kind: z.enum([...FILE_KINDS, 'fingerprint', 'accounts', 'mysqlsh']),
  /** Absent for the fingerprint, which has all, for the server's accounts, and for what MySQL Shell says of its whole dump. */
  schema: z.string().optional(),
  /** Those of which it holds rows: all, or a range. */
  tables: z.array(z.string()),
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

/** What a dump consists of. */
export const dumpManifestSchema = z.strictObject({
  version: z.literal(1),
  backupId: z.string(),
  ...dumpFactsSchema().shape,
  files: z.array(dumpFileSchema),
})

export type DumpFile = z.infer<typeof dumpFileSchema>
export type DumpManifest = z.infer<typeof dumpManifestSchema>

/**
 * Reads the manifest of a dump's folder and compares every file with it.
 *
 * @returns the manifest, or in one sentence why the folder is no whole dump
 */
export async function readWholeDump(folder: string): Promise<DumpManifest | string> {
  const text = await readFile(join(folder, MANIFEST_FILE), 'utf8').catch(() => undefined)
  if (text === undefined) return `There is no ${MANIFEST_FILE}.`
  const parsed = parseManifest(text)
  if (typeof parsed === 'string') return parsed
  for (const file of parsed.files) {
    const why = await whyNotAsListed(folder, file)
    if (why !== undefined) return why
  }
  return parsed
}

/** Checks the text of a manifest. @returns the manifest, or why it is none */
export function parseManifest(text: string): DumpManifest | string {
  try {
    return dumpManifestSchema.parse(JSON.parse(text))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    return `${MANIFEST_FILE} is not a manifest of a dump: ${why}.`
  }
}

async function whyNotAsListed(folder: string, file: DumpFile): Promise<string | undefined> {
  const path = join(folder, file.path)
  const size = await stat(path).then(
    (stats) => stats.size,
    () => undefined,
  )
  if (size === undefined) return `${file.path} is missing.`
  if (size !== file.bytes) return `${file.path} has ${size} bytes, not the ${file.bytes} of the manifest.`
  const hash = await sha256OfFile(path)
  return hash === file.sha256 ? undefined : `${file.path} has another SHA-256 than the manifest says.`
}

/** The SHA-256 of a file, in hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return hash.digest('hex')
}

/** Bytes of all files of a dump, the manifest itself not counted. */
export function bytesOf(manifest: DumpManifest): number {
  return manifest.files.reduce((sum, { bytes }) => sum + bytes, 0)
}
