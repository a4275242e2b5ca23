import { InputError } from '../input-error.ts'
import { parseDuration } from './durations.ts'

const HOUR_MILLISECONDS = 3_600_000
/** Temporal takes less for as much. */
const LEAST_CATCH_UP_MILLISECONDS = 10_000

/** @returns hours; undefined where nothing was said @throws {InputError} */
export function provenWithinOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration('--proven-within', text) / HOUR_MILLISECONDS
}

/** @returns milliseconds @throws {InputError} */
export function catchUpOf(text: string): number {
  const milliseconds = parseDuration('--catch-up', text)
  if (milliseconds < LEAST_CATCH_UP_MILLISECONDS) throw new InputError('--catch-up: is at least 10s.')
  return milliseconds
}

/** @throws {InputError} where it is no count */
export function pauseAfterOf(count: number): number {
  if (!Number.isInteger(count) || count < 0 || count > 1000) {
    throw new InputError('--pause-after: is a whole number from 0 (never) to 1000.')
  }
  return count
}
