import { INTERRUPTED } from './exit-code.ts'
import { runProgram } from './run-program.ts'

// Whoever reads may have read enough: `holdfast backups list | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

await runProgram(process.argv.slice(2))
// Whoever was stopped waits for nothing: Temporal's client would go on trying to hear of what was followed.
if (process.exitCode === INTERRUPTED) process.exit()
