/** The person pressed Ctrl-C. Its message says what goes on regardless, and how to end that too. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError'
}

/**
 * Waits for the work, or for SIGINT, whichever is first. Signals after the first do nothing: npm passes on the one that the
 * terminal has sent already.
 *
 * @throws {InterruptedError} with the message given
 */
export async function untilInterrupted<Result>(work: Promise<Result>, message: string): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>()
  const interrupt = () => reject(new InterruptedError(message))
  process.on('SIGINT', interrupt)
  // Not taken off when interrupted: the worker has yet to be stopped.
  return await Promise.race([work.finally(() => process.off('SIGINT', interrupt)), promise])
}
