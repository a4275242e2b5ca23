import { CommanderError } from 'commander'
import { rootMessage } from '../worker/root-message.ts'
import { exitCodeOf } from './exit-code.ts'
import { complain } from './print.ts'
import { buildProgram } from './program.ts'

/** Runs what was typed, and says what went wrong. The process's exit code says how it went. */
export async function runProgram(words: readonly string[]): Promise<void> {
  try {
    await buildProgram().parseAsync(words, { from: 'user' })
  } catch (error) {
    // Commander has said what was wrong by itself.
    if (!(error instanceof CommanderError)) complain(messageOf(error))
    process.exitCode = exitCodeOf(error)
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Temporal's client says by itself only what it could not do.
  if (error.name === 'ServiceError') return `${error.message}: ${rootMessage(error)}`
  return error.message || rootMessage(error)
}
