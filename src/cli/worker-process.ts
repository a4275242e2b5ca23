import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { z } from 'zod'
import { WORKER_MALLOC, WORKER_NODE_FLAGS } from '../worker/process-settings.ts'

/** Later than the worker's own bound for its end: execa's 5 s would kill it while its activities still say how far they are. */
const KILL_MILLISECONDS = 30_000

const logLineSchema = z.looseObject({ message: z.string() })

/** A worker that runs as long as the command does. */
export interface WorkerProcess {
  /** Rejects if the worker ends before it was stopped, and nobody starts it anew. */
  readonly failed: Promise<never>
  stop(): Promise<void>
}

/** Starts a worker and returns when it is ready. Its log is shown only where it fails. */
export async function startWorker(environment: Readonly<Record<string, string>>): Promise<WorkerProcess> {
  const file = fileURLToPath(new URL('../worker.ts', import.meta.url))
  const worker = execa(process.execPath, [...WORKER_NODE_FLAGS, file], {
    env: { ...WORKER_MALLOC, ...environment },
    stdout: 'ignore',
    stderr: 'pipe',
    reject: false,
    forceKillAfterDelay: KILL_MILLISECONDS,
  })
  let isStopped = false
  const tail: string[] = []
  const ready = new Promise<void>((resolve) => {
    createInterface(worker.stderr).on('line', (line) => {
      const message = messageOf(line)
      tail.push(message)
      if (tail.length > 30) tail.shift()
      if (message.startsWith('Worker ready')) resolve()
    })
  })
  const failed = new Promise<never>((_, reject) => {
    worker.then(
      () => isStopped || reject(new Error(`The worker ended:\n${tail.join('\n')}`)),
      (error: unknown) => reject(error),
    )
  })
  failed.catch(() => undefined)
  await Promise.race([ready, failed])
  return {
    failed,
    stop: async () => {
      isStopped = true
      worker.kill('SIGTERM')
      await worker
    },
  }
}

/** The words of a line of the worker's log. What is no such line is Node's own, and is its own message. */
function messageOf(line: string): string {
  try {
    return logLineSchema.parse(JSON.parse(line)).message
  } catch {
    return line
  }
}
