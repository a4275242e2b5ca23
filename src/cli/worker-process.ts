import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

/** A worker of this clone that runs as long as the command does. */
export interface WorkerProcess {
  /** Rejects if the worker ends before it was stopped. */
  readonly failed: Promise<never>
  stop(): Promise<void>
}

/** Starts a worker and returns when it is ready. Its log is shown only where it fails. */
export async function startWorker(environment: Readonly<Record<string, string>>): Promise<WorkerProcess> {
  const file = fileURLToPath(new URL('../worker.ts', import.meta.url))
  const worker = execa(process.execPath, [file], { env: environment, stdout: 'ignore', stderr: 'pipe', reject: false })
  let isStopped = false
  const tail: string[] = []
  const ready = new Promise<void>((resolve) => {
    createInterface(worker.stderr).on('line', (line) => {
      tail.push(line)
      if (tail.length > 30) tail.shift()
      if (line.startsWith('Worker ready')) resolve()
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
