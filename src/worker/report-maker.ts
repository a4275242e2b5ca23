import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ExecaError, execa } from 'execa'
import type { Logger } from 'pino'
import { CLI_NODE_FLAGS } from '../cli/process-settings.ts'

/** For so long a report is answered with again: whoever reloads the page has nobody read the bucket anew. */
const KEPT_MILLISECONDS = 60_000
const MOST_MILLISECONDS = 120_000

/** Beside this file, or beside the bundle of which it is a part. */
const PROGRAM = fileURLToPath(new URL(`make-report${extname(import.meta.filename)}`, import.meta.url))

/** Of which bucket, and whose workflows. */
export interface ReportSettings {
  readonly bucket: string
  readonly taskQueue: string
}

/** A report could not be made. */
export class ReportFailedError extends Error {
  override readonly name = 'ReportFailedError'
}

/**
 * Makes the report as `holdfast report` does, in a process of its own: what it takes of memory is given back, and the worker's own
 * process, which follows Jobs, stays as quick as it was. It has the worker's environment, and with it the credentials for the bucket.
 */
export class ReportMaker {
  readonly #settings: ReportSettings
  readonly #logger: Logger
  #last: { readonly page: Promise<string>; readonly begunAt: number } | undefined

  constructor(settings: ReportSettings, logger: Logger) {
    this.#settings = settings
    this.#logger = logger
  }

  /** The page, not older than a minute. One is made at a time. @throws {ReportFailedError} saying why */
  async page(): Promise<string> {
    if (!this.#last || Date.now() - this.#last.begunAt > KEPT_MILLISECONDS) {
      const page = this.#make()
      this.#last = { page, begunAt: Date.now() }
      // What failed is tried again when somebody asks again.
      page.catch(() => {
        this.#last = undefined
      })
    }
    return await this.#last.page
  }

  async #make(): Promise<string> {
    const { bucket, taskQueue } = this.#settings
    const words = ['report', '--file', '-', '--bucket', bucket, '--task-queue', taskQueue]
    const options = { timeout: MOST_MILLISECONDS, stripFinalNewline: false }
    try {
      const { stdout, durationMs } = await execa(process.execPath, [...CLI_NODE_FLAGS, PROGRAM, ...words], options)
      this.#logger.info({ bucket, seconds: durationMs / 1000 }, 'Report made')
      return stdout
    } catch (error) {
      const why = error instanceof ExecaError ? String(error.stderr).trim() || error.shortMessage : String(error)
      this.#logger.error({ bucket, why }, 'The report could not be made')
      throw new ReportFailedError(`The report could not be made. ${why}`, { cause: error })
    }
  }
}
