import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { BackupId } from '../domain/names.ts'
import { type RecordSummary, recordSummarySchema } from './record-summary.ts'

/** Of those that are read, and of those that are written. */
const VERSION = 1

const cacheSchema = z.strictObject({ version: z.literal(VERSION), summaries: z.array(recordSummarySchema) })

/**
 * Where summaries of a bucket's records are kept between two reports: below `XDG_CACHE_HOME`, or `~/.cache`.
 *
 * @param environment which S3 is meant, too: buckets of two servers may have one name
 */
export function summaryCacheFile(bucket: string, environment: Readonly<Record<string, string | undefined>>): string {
  const folder = environment.XDG_CACHE_HOME || join(homedir(), '.cache')
  const endpoint = environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL ?? ''
  const name = createHash('sha256').update(`${endpoint} ${bucket}`).digest('hex').slice(0, 16)
  return join(folder, 'holdfast', `records-${name}.json`)
}

/** What was kept. Nothing, where there is no such file or it is not understood: then all is read from the bucket. */
export async function readSummaryCache(file: string): Promise<ReadonlyMap<BackupId, RecordSummary>> {
  const parsed = cacheSchema.safeParse(parseJson(await readFile(file, 'utf8').catch(() => '')))
  return new Map(parsed.data?.summaries.map((each) => [each.backupId, each]))
}

/** Keeps them for the next report, in place of those of the last one. @throws {Error} where the file cannot be written */
export async function writeSummaryCache(file: string, summaries: Iterable<RecordSummary>): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const other = `${file}.${process.pid}`
  await writeFile(other, JSON.stringify({ version: VERSION, summaries: [...summaries] }), { mode: 0o600 })
  // Two reports may be made at a time: whoever reads sees the one or the other whole.
  await rename(other, file)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
