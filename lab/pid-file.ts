import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { statePath } from './paths.ts'

const pidRecordSchema = z.strictObject({
  name: z.string(),
  pid: z.int().positive(),
  startTicks: z.int().nonnegative(),
  bootId: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  /** Of the command, its environment and its configuration: a part whose fingerprint is another one is started anew. */
  fingerprint: z.string(),
  address: z.string(),
  /** How long it has to end after SIGTERM, in seconds. */
  stopSeconds: z.number(),
})

/** What the lab remembers of a process that it started. */
export type PidRecord = z.infer<typeof pidRecordSchema>

const defaultFolder = statePath('pids')

/** The record of a part, or undefined where it was never started or its record cannot be read any more. */
export async function readPidFile(name: string, folder = defaultFolder): Promise<PidRecord | undefined> {
  const text = await readFile(join(folder, `${name}.json`), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return pidRecordSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Writes a record so that a reader sees the old one or the new one, never half of it. */
export async function writePidFile(record: PidRecord, folder = defaultFolder): Promise<void> {
  const path = join(folder, `${record.name}.json`)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, `${JSON.stringify(record)}\n`)
  await rename(`${path}.new`, path)
}

export async function removePidFile(name: string, folder = defaultFolder): Promise<void> {
  await rm(join(folder, `${name}.json`), { force: true })
}

/** The records of all parts that were started, in no order. */
export async function readPidFiles(folder = defaultFolder): Promise<PidRecord[]> {
  const names = await readdir(folder).catch(() => [])
  const records = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readPidFile(name.slice(0, -'.json'.length), folder)),
  )
  return records.filter((record) => record !== undefined)
}
