const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** What has to be taken down again, newest first, however the work ends. */
export class Cleanup {
  readonly #stack: (() => Promise<unknown>)[] = []
  #running: Promise<void> | undefined

  defer(takeDown: () => Promise<unknown>): void {
    this.#stack.push(takeDown)
  }

  /** Takes everything down, once. What cannot be is told on standard error and does not keep the rest up. */
  async run(): Promise<void> {
    this.#running ??= this.#takeDown()
    await this.#running
  }

  async #takeDown(): Promise<void> {
    for (const takeDown of this.#stack.toReversed()) {
      await takeDown().catch((error: unknown) => console.error(error))
    }
  }
}

/** Does work and takes down what it has put up, also where it fails or the command is stopped. */
export async function withCleanup<Result>(work: (cleanup: Cleanup) => Promise<Result>): Promise<Result> {
  const cleanup = new Cleanup()
  const stop = () => void cleanup.run().finally(() => process.exit(1))
  // Not `once`: execa ends the process where a signal has no listener left.
  for (const signal of SIGNALS) process.on(signal, stop)
  try {
    return await work(cleanup)
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop)
    await cleanup.run()
  }
}
