import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { type Readable, Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { startEncrypting } from '../encryption/age.ts'
import { type Children, handOver } from '../job/children.ts'

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

/** A file as it was written. */
export interface WrittenFile {
  readonly bytes: number
  readonly sha256: string
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
  if (recipientsFile === undefined) return await streamToFile([text], path, () => {})
  const age = startEncrypting(children, recipientsFile)
  const [file] = await Promise.all([streamToFile(age.stdout, path, () => {}), age.ended, pipeline([text], age.stdin)])
  return file
}

/** @param write has to end the compressor's input, or to let another program do so */
async function compressToFile(
  children: Children,
  { path, recipientsFile }: FileTarget,
  onBytes: (bytes: number) => void,
  write: (input: Writable) => Promise<void>,
): Promise<WrittenFile> {
  const age = recipientsFile === undefined ? undefined : startEncrypting(children, recipientsFile)
  const zstd = children.start('zstd', ['-1', '-q', '-c'], { stdin: 'pipe', stdout: age?.stdin ?? 'pipe' })
  if (age) handOver(age.stdin)
  const output = age ? age.stdout : zstd.stdout
  if (!zstd.stdin || !output) throw new Error('zstd has no input or output.')
  // In this order a failure is told by what failed first: a dump that breaks looks to zstd like one that ends, and zstd to age.
  const [, , , file] = await Promise.all([
    write(zstd.stdin),
    zstd.ended,
    age?.ended,
    streamToFile(output, path, onBytes),
  ])
  return file
}

async function streamToFile(
  contents: Readable | Iterable<string>,
  path: string,
  onBytes: (bytes: number) => void,
): Promise<WrittenFile> {
  const counter = new HashingCounter(onBytes)
  await pipeline(contents, counter, createWriteStream(path, { flush: true }))
  return { bytes: counter.bytes, sha256: counter.digest() }
}

/** Writes a text, and waits until the kernel has it. */
async function written(output: Writable, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    output.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

/** Lets bytes through, and knows how many they were and what their SHA-256 is. */
class HashingCounter extends Transform {
  bytes = 0
  readonly #hash = createHash('sha256')
  readonly #onBytes: (bytes: number) => void

  constructor(onBytes: (bytes: number) => void) {
    super()
    this.#onBytes = onBytes
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length
    this.#hash.update(chunk)
    this.#onBytes(chunk.length)
    done(null, chunk)
  }

  digest(): string {
    return this.#hash.digest('hex')
  }
}
