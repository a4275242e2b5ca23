import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { RecordError } from '../../../src/catalog/catalog.ts'
import type { BackupObject } from '../../../src/domain/backup-record.ts'
import { sha256OfFile } from '../dump/dump-manifest.ts'
import type { Children } from '../job/children.ts'
import { copyObject } from '../s3/rclone.ts'
import { notAsRecorded } from './recorded-objects.ts'

/** The files of a dump, wherever they come from. */
export interface DumpFiles {
  /** Has files come, in this order, before anybody asks for them. */
  expect(names: readonly string[]): void
  /** Where a file lies. @throws {StepError} if it cannot be had, or is not what was written */
  pathOf(name: string): Promise<string>
  /** It was loaded. */
  discard(name: string): Promise<void>
}

/** The files of a dump that lies in a folder whole, and stays there. */
export function filesInFolder(folder: string): DumpFiles {
  return { expect: () => undefined, pathOf: async (name) => join(folder, name), discard: async () => undefined }
}

/**
 * The files of a backup on their way from S3. They are downloaded while others are loaded, each is compared with the record before
 * it is used, and removed afterwards: so what lies in the folder is what waits to be loaded.
 */
export class BackupFiles implements DumpFiles {
  readonly #source: string
  readonly #folder: string
  readonly #objects: ReadonlyMap<string, BackupObject>
  readonly #children: Children
  readonly #limit: ReturnType<typeof pLimit>
  readonly #paths = new Map<string, Promise<string>>()

  /**
   * @param source of rclone's, ending in a slash
   * @param objects what the record says of them
   * @param atATime how many are downloaded at a time
   */
  constructor(
    source: string,
    folder: string,
    objects: ReadonlyMap<string, BackupObject>,
    children: Children,
    atATime: number,
  ) {
    this.#source = source
    this.#folder = folder
    this.#objects = objects
    this.#children = children
    this.#limit = pLimit(atATime)
  }

  expect(names: readonly string[]): void {
    // Whoever asks for the file gets the failure; until then it must not end the step as an unhandled one.
    for (const name of names) this.pathOf(name).catch(() => undefined)
  }

  pathOf(name: string): Promise<string> {
    const there = this.#paths.get(name)
    if (there) return there
    const path = this.#limit(() => this.#fetch(name))
    this.#paths.set(name, path)
    return path
  }

  async discard(name: string): Promise<void> {
    this.#paths.delete(name)
    await rm(join(this.#folder, name), { force: true })
  }

  async #fetch(name: string): Promise<string> {
    const object = this.#objects.get(name)
    if (!object) throw notAsRecorded(new RecordError(`${this.#source}${name} is not in the record.`))
    await mkdir(this.#folder, { recursive: true })
    const path = join(this.#folder, name)
    await copyObject(this.#source + name, path, this.#children)
    if ((await sha256OfFile(path)) === object.sha256) return path
    throw notAsRecorded(new RecordError(`${this.#source}${name} has another SHA-256 than the record says.`))
  }
}
