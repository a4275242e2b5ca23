import { join } from 'node:path'
import pLimit from 'p-limit'
import type { Encryption } from '../../../src/domain/encryption.ts'
import type { Children } from '../job/children.ts'
import type { Connection } from '../mysql/connection.ts'
import { ACCOUNTS_FILE, type DumpFile, FINGERPRINT_FILE, storedName } from './dump-manifest.ts'
import { dumpToFile, type FileTarget, plainTextToFile, rowsToFile, textToFile } from './dump-process.ts'
import { exactRows } from './exact-rows.ts'
import type { WrittenFile } from './hash-while-written.ts'
import type { PlannedDump, PlannedFile, PlannedText } from './planned-files.ts'

/** Where the files of a dump are to be written. */
export interface DumpPlace {
  readonly folder: string
  /** age's file with those for whom the files are encrypted. Absent: they are not. */
  readonly recipientsFile?: string | undefined
  /** Called for each file as soon as it is whole and on the disk; not for the manifest, which is written when all are. */
  readonly onFile?: (path: string) => void
}

/** Writes the files of a dump, and remembers them. */
export class DumpWriter {
  readonly files: DumpFile[] = []
  readonly encryption: Encryption
  bytes = 0
  readonly #place: DumpPlace
  readonly #children: Children
  readonly #optionFile: string

  constructor(place: DumpPlace, children: Children, optionFile: string) {
    this.encryption = place.recipientsFile === undefined ? 'none' : 'age'
    this.#place = place
    this.#children = children
    this.#optionFile = optionFile
  }

  /** @param statements what the process runs as it connects */
  async writeDump(planned: PlannedDump, statements: readonly string[]): Promise<void> {
    const target = this.#targetOf(planned.path)
    const order = { ...planned.order, statements }
    this.#noteWritten(planned, await dumpToFile(this.#children, this.#optionFile, order, target, this.#onBytes))
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
    const target = this.#targetOf(planned.path)
    this.#noteWritten(planned, await rowsToFile(this.#children, statements(), target, this.#onBytes))
  }

  async writeAccounts(script: string): Promise<void> {
    const path = ACCOUNTS_FILE
    const written = await textToFile(this.#children, script, this.#targetOf(path))
    this.#note({ path, kind: 'accounts', tables: [], ...written })
  }

  async writeFingerprint(text: string): Promise<void> {
    const path = FINGERPRINT_FILE
    const written = await plainTextToFile(this.#children, text, this.#targetOf(path))
    this.#note({ path, kind: 'fingerprint', tables: [], ...written })
  }

  /** Notes a file that somebody else has written here. */
  add(file: DumpFile): void {
    this.bytes += file.bytes
    this.#note(file)
  }

  async #writeSql(planned: PlannedText): Promise<void> {
    this.#noteWritten(planned, await textToFile(this.#children, planned.text, this.#targetOf(planned.path)))
  }

  #targetOf(path: string): FileTarget {
    const { folder, recipientsFile } = this.#place
    return { path: join(folder, storedName(path, this.encryption)), recipientsFile }
  }

  #noteWritten({ path, kind, schema, tables }: PlannedFile, written: WrittenFile): void {
    this.#note({ path, kind, schema, tables: [...tables], ...written })
  }

  #note(file: DumpFile): void {
    const path = storedName(file.path, this.encryption)
    this.files.push({ ...file, path })
    this.#place.onFile?.(path)
  }

  readonly #onBytes = (bytes: number): void => {
    this.bytes += bytes
  }
}
