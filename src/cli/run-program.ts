import { CommanderError } from 'commander'
import { errorMessage } from './error-message.ts'
import { exitCodeOf } from './exit-code.ts'
import { complain } from './print.ts'
import { buildProgram } from './program.ts'

/** Runs what was typed, and says what went wrong. The process's exit code says how it went. */
export async function runProgram(words: readonly string[]): Promise<void> {
  try {
    await buildProgram().parseAsync(words, { from: 'user' })
  } catch (error) {
    // Commander has said what was wrong by itself.
    if (!(error instanceof CommanderError)) complain(errorMessage(error))
    process.exitCode = exitCodeOf(error)
  }
}
