import type { Command } from 'commander'
import { DEFAULT_PROVEN_WITHIN_HOURS } from '../../domain/database-proof.ts'
import { DEFAULT_PAUSE_AFTER_FAILURES } from '../../domain/schedule-settings.ts'
import { InputError } from '../input-error.ts'
import { parseDuration } from './durations.ts'

/** What becomes of times that were missed, and of failures. */
export interface PolicyOptions {
  readonly catchUp?: string
  readonly pauseAfter?: number
  /** Of a backup alone. */
  readonly provenWithin?: string
  readonly note?: string
}

const HOUR_MILLISECONDS = 3_600_000
export const DEFAULT_CATCH_UP = '6h'
/** Temporal takes less for as much. */
const LEAST_CATCH_UP_MILLISECONDS = 10_000

/** Adds these options. Their defaults are said, and not set: an update leaves as it is what it does not name. */
export function policyOptions(command: Command): Command {
  return command
    .option(
      '--catch-up <duration>',
      `make up for a time that Temporal missed, up to so much later (${DEFAULT_CATCH_UP})`,
    )
    .option(
      '--pause-after <number>',
      `pause after so many failures in a row; 0: never (${DEFAULT_PAUSE_AFTER_FAILURES})`,
      Number,
    )
    .option('--note <text>', 'what a person should know of it')
}

/** Adds the option of a schedule of backups. */
export function provenWithinOption(command: Command): Command {
  return command.option(
    '--proven-within <duration>',
    `say that the database has no proven backup when the last proof is older (${DEFAULT_PROVEN_WITHIN_HOURS}h)`,
  )
}

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
