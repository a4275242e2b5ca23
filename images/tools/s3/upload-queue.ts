import pLimit, { type LimitFunction } from 'p-limit'

/** Uploads files while others are still written: each as soon as it is finished, so many at a time. */
export class UploadQueue {
  /** Rejects as soon as an upload fails. None begins after that. */
  readonly failed: Promise<never>
  readonly #failure = new AbortController()
  readonly #limit: LimitFunction
  readonly #upload: (file: string) => Promise<void>
  readonly #uploads: Promise<void>[] = []

  constructor(atATime: number, upload: (file: string) => Promise<void>) {
    this.#limit = pLimit(atATime)
    this.#upload = upload
    const { promise, reject } = Promise.withResolvers<never>()
    this.failed = promise
    const { signal } = this.#failure
    signal.addEventListener('abort', () => reject(signal.reason))
    // Whoever drains is told as well; until somebody waits, it must not end the program as an unhandled one.
    promise.catch(() => {})
  }

  /** Has a file uploaded that is finished. */
  add(file: string): void {
    const upload = this.#limit(() => this.#try(file))
    upload.catch(() => {})
    this.#uploads.push(upload)
  }

  /** Resolves when every file is uploaded that was added so far. @throws what the first upload that failed did */
  async drain(): Promise<void> {
    await Promise.all(this.#uploads)
  }

  async #try(file: string): Promise<void> {
    this.#failure.signal.throwIfAborted()
    try {
      await this.#upload(file)
    } catch (error) {
      this.#failure.abort(error)
      throw error
    }
  }
}
