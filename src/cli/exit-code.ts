import { CommanderError } from 'commander'
import { InvalidRequestError } from '../domain/backup-request.ts'
import { InputError } from './input-error.ts'
import { InterruptedError } from './interruption.ts'

/** What the command may end with: for `--help`, and the reference. */
export const EXIT_CODES = {
  0: 'it went well; a pipeline, restore or drill that was followed is proven',
  1: 'it went wrong: what was followed failed, a backup is damaged, a history differs, somebody did not answer',
  2: 'what was typed, or the settings file, is wrong: nothing has been done',
  130: 'Ctrl-C: what was followed goes on',
} as const

const FAILED = 1
const BAD_INPUT = 2
/** 128 and the number of SIGINT, as shells have it. */
export const INTERRUPTED = 130

/** What the command ends with after this error: 2 for what the person typed, 1 for what failed. */
export function exitCodeOf(error: unknown): number {
  // Help, too, ends with an error of commander: code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT
  if (error instanceof InvalidRequestError || error instanceof InputError) return BAD_INPUT
  return error instanceof InterruptedError ? INTERRUPTED : FAILED
}
