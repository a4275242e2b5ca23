import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { CLI_NODE_FLAGS } from '../src/cli/process-settings.ts'
import { startWorker } from '../src/cli/worker-process.ts'

/**
 * Runs `holdfast` with these arguments, and beside it a worker that does what it asks for: for a machine on which none runs. The worker
 * is stopped when the command has ended; it may be one of several.
 */
const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))

// Ctrl-C reaches the command and the worker as well: what they have to say is waited for.
process.on('SIGINT', () => {})

const worker = await startWorker({})
try {
  const holdfast = execa(process.execPath, [...CLI_NODE_FLAGS, main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    reject: false,
  })
  const { exitCode } = await Promise.race([holdfast, worker.failed])
  process.exitCode = exitCode ?? 1
} finally {
  await worker.stop()
}
