import type { Command } from 'commander'
import { DEFAULT_PROVEN_WITHIN_HOURS } from '../../domain/database-proof.ts'
import { DEFAULT_PAUSE_AFTER_FAILURES } from '../../domain/schedule-settings.ts'

/** What becomes of times that were missed, and of failures. */
export interface PolicyOptions {
  readonly catchUp?: string
  readonly pauseAfter?: number
  /** Of a backup alone. */
  readonly provenWithin?: string
  readonly note?: string
}

export const DEFAULT_CATCH_UP = '6h'

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
