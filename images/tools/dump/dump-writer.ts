import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import type { Children } from '../job/children.ts'
import type { DumpFile } from './dump-manifest.ts'
import type { PlannedFile } from './dump-plan.ts'
import { compressToFile, dumpToFile } from './dump-process.ts'

/** Writes the files of a dump, and remembers them. */
export class DumpWriter {
  readonly files: DumpFile[] = []
  bytes = 0
  readonly #folder: string
  readonly #children: Children
  readonly #optionFile: string

  constructor(folder: string, children: Children, optionFile: string) {
    this.#folder = folder
    this.#children = children
    this.#optionFile = optionFile
  }

  /**
   * Writes files that are to be of one snapshot: all at once.
   *
   * @param statements what the process of each file runs as it connects
   */
  async writeAtOnce(planned: readonly PlannedFile[], statements: (process: number) => string[]): Promise<void> {
    await Promise.all(planned.map((file, index) => this.#write(file, statements(index))))
  }

  /** Writes files whose moment does not matter, so many at a time. */
  async writeInTurn(planned: readonly PlannedFile[], atATime: number): Promise<void> {
    const limit = pLimit(atATime)
    await Promise.all(planned.map((file) => limit(() => this.#write(file, []))))
  }

  async writeText(path: string, text: string): Promise<void> {
    await writeFile(join(this.#folder, path), text, { flush: true })
    const sha256 = createHash('sha256').update(text).digest('hex')
    this.files.push({ path, kind: 'fingerprint', tables: [], bytes: Buffer.byteLength(text), sha256 })
  }

  async #write(planned: PlannedFile, statements: readonly string[]): Promise<void> {
    const { path, kind, schema, tables, content } = planned
    const target = join(this.#folder, path)
    const written =
      typeof content === 'string'
        ? await compressToFile(this.#children, content, target)
        : await dumpToFile(this.#children, this.#optionFile, { ...content, statements }, target, (bytes) => {
            this.bytes += bytes
          })
    this.files.push({ path, kind, schema, tables: [...tables], ...written })
  }
}
