import { type FileHandle, open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { startEncrypting } from '../encryption/age.ts'
import { type Children, handOver } from '../job/children.ts'
import { hashWhileWritten, type WrittenFile } from './hash-while-written.ts'

/** What of a database one process dumps. */
export interface DumpOrder {
  /** Options of mysqldump beside those of every dump. */
  readonly options: readonly string[]
  readonly schema: string
  readonly tables: readonly string[]
  /** What its connection runs before anything else. */
  readonly statements: readonly string[]
}

/** Where a file is to be written. */
export interface FileTarget {
  readonly path: string
  /** For whom it is encrypted; undefined where it is not. */
  readonly recipientsFile: string | undefined
}

/**
 * The arguments of mysqldump. Not `--single-transaction`: that would open a snapshot of its own, at a time of its own. For
 * the same reason none of the options that lock, flush or commit.
 */
export function mysqldumpArguments(optionFile: string, order: DumpOrder): string[] {
  const statements = order.statements.map((sql, index) => `--init-command${index === 0 ? '' : '-add'}=${sql}`)
  return [
    // Has to be the first: no other option file counts.
    `--defaults-file=${optionFile}`,
    ...statements,
    '--skip-lock-tables',
    '--set-gtid-purged=OFF',
    '--column-statistics=0',
    '--no-tablespaces',
    // Rows and definitions, and nothing else: the settings are those of SESSION_SQL, and nothing is dropped, locked or disabled.
    '--compact',
    '--hex-blob',
    '--default-character-set=utf8mb4',
    '--max-allowed-packet=1G',
    ...order.options,
    // Names that begin with a dash are names.
    '--',
    order.schema,
    ...order.tables,
  ]
}

/**
 * What each file of rows or tables begins with. mysqldump's own settings would let MySQL put zeros in place of dates that a
 * server keeps under `ALLOW_INVALID_DATES`. Foreign keys are checked by nobody: a child's rows may come before its parent's,
 * and all of them come from a database in which they held.
 */
const SESSION_SQL = `SET NAMES utf8mb4;
SET SESSION time_zone = '+00:00', sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES';
SET SESSION foreign_key_checks = 0, unique_checks = 0;
`

/** Runs one mysqldump into one compressed file. @throws {ChildError} */
export async function dumpToFile(
  children: Children,
  optionFile: string,
  order: DumpOrder,
  target: FileTarget,
  onBytes: (bytes: number) => void,
): Promise<WrittenFile> {
  return await compressToFile(children, target, onBytes, async (input) => {
    // Before mysqldump has it: both write to one pipe.
    await written(input, SESSION_SQL)
    const mysqldump = children.start('mysqldump', mysqldumpArguments(optionFile, order), { stdout: input })
    handOver(input)
    await mysqldump.ended
  })
}

/** Writes statements with rows into a compressed file, under the settings of {@link dumpToFile}. @throws {ChildError} */
export async function rowsToFile(
  children: Children,
  statements: AsyncIterable<string>,
  target: FileTarget,
  onBytes: (bytes: number) => void,
): Promise<WrittenFile> {
  return await compressToFile(children, target, onBytes, async (input) => {
    await written(input, SESSION_SQL)
    await pipeline(statements, input)
  })
}

/** Writes a text into a compressed file. @throws {ChildError} */
export async function textToFile(children: Children, text: string, target: FileTarget): Promise<WrittenFile> {
  return await compressToFile(
    children,
    target,
    () => {},
    (input) => pipeline([text], input),
  )
}

/** Writes a text into a file that is not compressed. @throws {ChildError} */
export async function plainTextToFile(
  children: Children,
  text: string,
  { path, recipientsFile }: FileTarget,
): Promise<WrittenFile> {
  return await writeToDisk(
    path,
    () => {},
    async (file) => {
      if (recipientsFile === undefined) return await file.writeFile(text)
      const age = startEncrypting(children, recipientsFile, file.fd)
      await Promise.all([age.ended, pipeline([text], age.stdin)])
    },
  )
}

/** @param write has to end the compressor's input, or to let another program do so */
async function compressToFile(
  children: Children,
  { path, recipientsFile }: FileTarget,
  onBytes: (bytes: number) => void,
  write: (input: Writable) => Promise<void>,
): Promise<WrittenFile> {
  return await writeToDisk(path, onBytes, async (file) => {
    const age = recipientsFile === undefined ? undefined : startEncrypting(children, recipientsFile, file.fd)
    const zstd = children.start('zstd', ['-1', '-q', '-c'], { stdin: 'pipe', stdout: age?.stdin ?? file.fd })
    if (age) handOver(age.stdin)
    if (!zstd.stdin) throw new Error('zstd has no input.')
    const readers = Promise.all([age?.ended, zstd.ended])
    // A broken pipe is only what follows from a reader's failure; a dump that breaks looks to its reader like one that ends.
    const writing = write(zstd.stdin).catch(async (error: unknown) => {
      await readers
      throw error
    })
    await Promise.all([readers, writing])
  })
}

/** @param write writes the file, by itself or by other programs @returns when it is on the disk */
async function writeToDisk(
  path: string,
  onBytes: (bytes: number) => void,
  write: (file: FileHandle) => Promise<void>,
): Promise<WrittenFile> {
  const file = await open(path, 'w+')
  try {
    const written = await hashWhileWritten(file, write(file), onBytes)
    await file.sync()
    return written
  } finally {
    await file.close()
  }
}

/** Writes a text, and waits until the kernel has it. */
async function written(output: Writable, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    output.write(text, (error) => (error ? reject(error) : resolve()))
  })
}
