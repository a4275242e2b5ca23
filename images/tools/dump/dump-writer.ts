import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import type { Children } from '../job/children.ts'
import type { Connection } from '../mysql/connection.ts'
import { type DumpFile, FINGERPRINT_FILE } from './dump-manifest.ts'
import { dumpToFile, rowsToFile, textToFile, type WrittenFile } from './dump-process.ts'
import { exactRows } from './exact-rows.ts'
import type { PlannedDump, PlannedFile, PlannedText } from './planned-files.ts'

/** Writes the files of a dump, and remembers them. */
export class DumpWriter {
  readonly files: DumpFile[] = []
  bytes = 0
  readonly #folder: string
  readonly #children: Children
  readonly #optionFile: string
  readonly #onFile: (path: string) => void

  /** @param onFile called for each file as soon as it is whole and on the disk */
  constructor(folder: string, children: Children, optionFile: string, onFile: (path: string) => void) {
    this.#folder = folder
    this.#children = children
    this.#optionFile = optionFile
    this.#onFile = onFile
  }

  /** @param statements what the process runs as it connects */
  async writeDump(planned: PlannedDump, statements: readonly string[]): Promise<void> {
    const path = join(this.#folder, planned.path)
    const order = { ...planned.order, statements }
    this.#noteWritten(planned, await dumpToFile(this.#children, this.#optionFile, order, path, this.#onBytes))
  }

  /** Writes files whose moment does not matter, so many at a time. */
  async writeInTurn(planned: readonly (PlannedDump | PlannedText)[], atATime: number): Promise<void> {
    const limit = pLimit(atATime)
    await Promise.all(
      planned.map((file) => limit(() => ('text' in file ? this.#writeSql(file) : this.writeDump(file, [])))),
    )
  }

  /** Writes the rows of a file's tables as the connection's transaction sees them. */
  async writeExactly(planned: PlannedFile, connection: Connection): Promise<void> {
    const { schema, tables } = planned
    async function* statements(): AsyncGenerator<string> {
      for (const table of tables) yield* exactRows(connection, schema, table)
    }
    const path = join(this.#folder, planned.path)
    this.#noteWritten(planned, await rowsToFile(this.#children, statements(), path, this.#onBytes))
  }

  async writeFingerprint(text: string): Promise<void> {
    const path = FINGERPRINT_FILE
    await writeFile(join(this.#folder, path), text, { flush: true })
    const sha256 = createHash('sha256').update(text).digest('hex')
    this.#note({ path, kind: 'fingerprint', tables: [], bytes: Buffer.byteLength(text), sha256 })
  }

  /** Notes a file that somebody else has written here. */
  add(file: DumpFile): void {
    this.bytes += file.bytes
    this.#note(file)
  }

  async #writeSql(planned: PlannedText): Promise<void> {
    this.#noteWritten(planned, await textToFile(this.#children, planned.text, join(this.#folder, planned.path)))
  }

  #noteWritten({ path, kind, schema, tables }: PlannedFile, written: WrittenFile): void {
    this.#note({ path, kind, schema, tables: [...tables], ...written })
  }

  #note(file: DumpFile): void {
    this.files.push(file)
    this.#onFile(file.path)
  }

  readonly #onBytes = (bytes: number): void => {
    this.bytes += bytes
  }
}
