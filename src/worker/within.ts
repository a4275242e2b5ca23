import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits for a promise, but not for ever: what never answers is as good as gone.
 *
 * @throws {Error} saying for how long there was no answer
 */
export async function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value> {
  const answered = new AbortController()
  const late = sleep(milliseconds, undefined, { signal: answered.signal }).then(() => {
    throw new Error(`there was no answer for ${milliseconds / 1000} s`)
  })
  // Both may be rejected after the race is over.
  late.catch(() => undefined)
  promise.catch(() => undefined)
  return await Promise.race([promise, late]).finally(() => answered.abort())
}
