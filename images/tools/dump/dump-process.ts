import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
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
    // What a dump that is loaded by hand into the wrong schema must not do.
    '--skip-add-drop-table',
    '--skip-add-locks',
    '--skip-disable-keys',
    '--skip-dump-date',
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

/** Runs one mysqldump into one compressed file. @throws {ChildError} */
export async function dumpToFile(
  children: Children,
  optionFile: string,
  order: DumpOrder,
  path: string,
  onBytes: (bytes: number) => void,
): Promise<WrittenFile> {
  const zstd = children.start('zstd', ['-1', '-q', '-c'], { stdin: 'pipe', stdout: 'pipe' })
  if (!zstd.stdin || !zstd.stdout) throw new Error('zstd has no input or output.')
  const mysqldump = children.start('mysqldump', mysqldumpArguments(optionFile, order), { stdout: zstd.stdin })
  handOver(zstd.stdin)
  const counter = new HashingCounter(onBytes)
  // In this order a failure is told by what failed first: a dump that breaks looks to zstd like one that ends.
  await Promise.all([
    mysqldump.ended,
    zstd.ended,
    pipeline(zstd.stdout, counter, createWriteStream(path, { flush: true })),
  ])
  return { bytes: counter.bytes, sha256: counter.digest() }
}

/** Writes a text into a compressed file, as {@link dumpToFile} does with a dump. */
export async function compressToFile(children: Children, text: string, path: string): Promise<WrittenFile> {
  const zstd = children.start('zstd', ['-1', '-q', '-c'], { stdin: 'pipe', stdout: 'pipe' })
  if (!zstd.stdin || !zstd.stdout) throw new Error('zstd has no input or output.')
  zstd.stdin.end(text)
  const counter = new HashingCounter(() => {})
  await Promise.all([zstd.ended, pipeline(zstd.stdout, counter, createWriteStream(path, { flush: true }))])
  return { bytes: counter.bytes, sha256: counter.digest() }
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
