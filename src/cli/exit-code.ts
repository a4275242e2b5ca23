import { CommanderError } from 'commander'
import { InvalidRequestError } from '../domain/backup-request.ts'
import { InputError } from './input-error.ts'
import { InterruptedError } from './interruption.ts'

const FAILED = 1
const BAD_INPUT = 2
/** 128 and the number of SIGINT, as shells have it. */
const INTERRUPTED = 130

/** What the command ends with after this error: 2 for what the person typed, 1 for what failed. */
export function exitCodeOf(error: unknown): number {
  // Help, too, ends with an error of commander: code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT
  if (error instanceof InvalidRequestError || error instanceof InputError) return BAD_INPUT
  return error instanceof InterruptedError ? INTERRUPTED : FAILED
}
