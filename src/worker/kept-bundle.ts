import { createHash } from 'node:crypto'
import { glob, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Spans } from './spans.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
/** Where Node's tools keep what they can make again. It goes with the packages, which are in a bundle too. */
const FOLDER = join('node_modules', '.cache', 'holdfast')
/** All that a bundle is made of: which of the sources, only the bundler knows. */
const MADE_OF = ['package-lock.json', 'src/**/*.ts'] as const

/** A bundle of the workflows, as the sources are now, where one is kept. */
export class KeptBundle {
  readonly #folder: string
  readonly #name: string
  readonly #others: string

  private constructor(folder: string, hash: string, spans: Spans) {
    this.#folder = folder
    this.#name = `workflows-${spans}-${hash}.js`
    // What a process that died had not finished, too.
    this.#others = `workflows-${spans}-*`
  }

  /** @param repository where the sources are, and their packages */
  static async ofTheseSources(spans: Spans, repository = REPOSITORY): Promise<KeptBundle> {
    const hash = createHash('sha256')
    for (const file of (await filesOf(MADE_OF, repository)).toSorted()) {
      const content = await readFile(join(repository, file))
      hash.update(`${file} ${content.length}\n`).update(content)
    }
    return new KeptBundle(join(repository, FOLDER), hash.digest('hex').slice(0, 16), spans)
  }

  /** Undefined where it is still to be made. */
  async read(): Promise<string | undefined> {
    return await readFile(join(this.#folder, this.#name), 'utf8').catch(() => undefined)
  }

  /** In place of that of other sources. Where nothing can be written, none is kept. */
  async write(code: string): Promise<void> {
    // Whole or not at all: others may be reading it, or writing the same.
    const unfinished = join(this.#folder, `${this.#name}.${process.pid}`)
    try {
      await mkdir(this.#folder, { recursive: true })
      const others = (await filesOf([this.#others], this.#folder)).filter((each) => each !== this.#name)
      await writeFile(unfinished, code)
      await rename(unfinished, join(this.#folder, this.#name))
      for (const other of others) await rm(join(this.#folder, other), { force: true })
    } catch {
      await rm(unfinished, { force: true }).catch(() => undefined)
    }
  }
}

async function filesOf(patterns: readonly string[], folder: string): Promise<string[]> {
  const files: string[] = []
  for await (const file of glob(patterns, { cwd: folder })) files.push(file)
  return files
}
