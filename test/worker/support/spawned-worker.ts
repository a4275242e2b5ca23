import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { AbortError } from 'p-retry'
import { WORKER_MALLOC, WORKER_NODE_FLAGS } from '../../../src/worker/process-settings.ts'
import { eventually } from './eventually.ts'

/** A line of the worker's log; where it is none, `message` is the whole line. */
export interface LogLine {
  readonly level?: string
  readonly time?: string
  readonly message: string
  readonly [field: string]: unknown
}

/** The real worker as a process of its own, as a pod or a person would start it. */
export interface SpawnedWorker {
  readonly pid: number
  /** All lines of standard error until now. */
  readonly lines: readonly LogLine[]
  /** Resolves with the first line whose message starts so, also one that was there before; rejects once there can be none. */
  line(start: string): Promise<LogLine>
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<{ readonly exitCode: number | undefined }>
  /** Asks one of its health endpoints. */
  get(path: string): Promise<{ readonly status: number; readonly body: string }>
}

const spawned = new Set<SpawnedWorker>()
const file = fileURLToPath(new URL('../../../src/worker.ts', import.meta.url))

/** Starts a worker that knows these variables and no others. @param command by which it is started */
export function spawnWorker(
  environment: Readonly<Record<string, string>>,
  [program, ...args]: readonly [string, ...string[]] = [process.execPath, ...WORKER_NODE_FLAGS, file],
): SpawnedWorker {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  const child = execa(program, args, {
    env: { PATH, HOME, NODE_COMPILE_CACHE, ...WORKER_MALLOC, ...environment },
    extendEnv: false,
    stdout: 'ignore',
    stderr: 'pipe',
    reject: false,
    // How long it takes to end is the test's to judge.
    forceKillAfterDelay: false,
  })
  let hasEnded = false
  child.on('close', () => {
    hasEnded = true
  })
  const lines: LogLine[] = []
  createInterface(child.stderr).on('line', (line) => lines.push(parse(line)))
  const line = async (start: string): Promise<LogLine> =>
    await eventually(async () => {
      const found = lines.find(({ message }) => message.startsWith(start))
      if (found) return found
      const missing = `no line "${start}" in:\n${lines.map(({ message }) => message).join('\n')}`
      throw hasEnded ? new AbortError(missing) : new Error(missing)
    })
  const worker: SpawnedWorker = {
    pid: child.pid ?? 0,
    lines,
    line,
    kill: (signal) => void child.kill(signal),
    ended: child.then(({ exitCode }) => ({ exitCode })),
    get: async (path) => {
      const { port } = await line('Health endpoints open')
      const response = await fetch(`http://127.0.0.1:${port}${path}`)
      return { status: response.status, body: await response.text() }
    },
  }
  spawned.add(worker)
  return worker
}

/** Ends those that a test left behind, and waits until they are gone. */
export async function killSpawnedWorkers(): Promise<void> {
  for (const worker of spawned) worker.kill('SIGKILL')
  await Promise.all([...spawned].map(({ ended }) => ended))
  spawned.clear()
}

function parse(line: string): LogLine {
  try {
    return JSON.parse(line)
  } catch {
    return { message: line }
  }
}
