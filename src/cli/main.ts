import { CommanderError } from 'commander'
import { exitCodeOf } from './exit-code.ts'
import { complain } from './print.ts'
import { buildProgram } from './program.ts'

// Whoever reads may have read enough: `holdfast backups list | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

try {
  await buildProgram().parseAsync()
} catch (error) {
  // Commander has said what was wrong by itself.
  if (!(error instanceof CommanderError)) complain(error instanceof Error ? error.message : String(error))
  process.exitCode = exitCodeOf(error)
}
