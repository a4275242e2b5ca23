/**
 * Uploads some files.
 *
 * @param onBytes is told how many bytes of them are uploaded by now
 * @returns how many bytes were uploaded
 */
export type UploadFiles = (files: readonly string[], onBytes: (bytes: number) => void) => Promise<number>

/** Uploads files while others are still written. What is finished during one upload is uploaded by the next one, together. */
export class UploadQueue {
  /** Rejects as soon as an upload fails. Nothing is uploaded after that. */
  readonly failed: Promise<never>
  readonly #fail: (reason: unknown) => void
  readonly #upload: UploadFiles
  #waiting: string[] = []
  #working: Promise<void> | undefined
  #bytesBefore = 0
  #bytesNow = 0

  constructor(upload: UploadFiles) {
    this.#upload = upload
    const { promise, reject } = Promise.withResolvers<never>()
    this.failed = promise
    this.#fail = reject
    promise.catch(() => {})
  }

  /** Bytes that are uploaded by now. */
  get bytes(): number {
    return this.#bytesBefore + this.#bytesNow
  }

  /** Has a file uploaded that is finished. */
  add(file: string): void {
    this.#waiting.push(file)
    this.#working ??= this.#work()
    // Told by `failed`, and to whoever drains; until then it must not end the program as an unhandled one.
    this.#working.catch(() => {})
  }

  /** Resolves when every file is uploaded that was added so far. @throws what the first upload that failed did */
  async drain(): Promise<void> {
    await this.#working
  }

  async #work(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting
        this.#waiting = []
        const bytes = await this.#upload(batch, (now) => {
          this.#bytesNow = now
        })
        this.#bytesBefore += bytes
        this.#bytesNow = 0
      }
      this.#working = undefined
    } catch (error) {
      this.#fail(error)
      throw error
    }
  }
}
