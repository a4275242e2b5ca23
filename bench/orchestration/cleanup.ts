/** What has to be taken down again, newest first, however the work ends. */
export class Cleanup {
  readonly #stack: (() => Promise<unknown>)[] = []

  defer(takeDown: () => Promise<unknown>): void {
    this.#stack.push(takeDown)
  }

  /** Takes everything down. What cannot be is told on standard error and does not keep the rest up. */
  async run(): Promise<void> {
    for (const takeDown of this.#stack.splice(0).toReversed()) {
      await takeDown().catch((error: unknown) => console.error(error))
    }
  }
}
