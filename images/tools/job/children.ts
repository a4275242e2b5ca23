import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** How many of a program's last lines its failure quotes. */
const TAIL_LINES = 8
/** How a program is started. */
export interface ChildOptions {
  /** Added to the step's own environment. */
  readonly env?: Readonly<Record<string, string>>
  /** `pipe`: {@link Child.stdin}. */
  readonly stdin?: 'ignore' | 'pipe'
  /**
   * `pipe`: {@link Child.stdout}; `lines`: each goes to `onLine`; a stream of another program, or the descriptor of a file: straight to
   * it, by the kernel.
   */
  readonly stdout?: 'pipe' | 'lines' | Writable | number
  /** Gets the lines of standard error, and of standard output with `lines`. By default they are only kept for a failure. */
  readonly onLine?: (line: string) => void
}

/** A running program. */
export interface Child {
  readonly stdin: Writable | null
  readonly stdout: Readable | null
  /** Resolves when the program has ended with exit code 0. @throws {ChildError} otherwise */
  readonly ended: Promise<void>
  /** Has the program end, and resolves when it has, whatever its exit code. */
  readonly stop: () => Promise<void>
}

/** A program that could not be started, or ended with another exit code than 0. Its message quotes the last lines. */
export class ChildError extends Error {
  override readonly name = 'ChildError'
  readonly lines: readonly string[]

  constructor(command: string, how: string, lines: readonly string[]) {
    super(`${command} ${how}${lines.length > 0 ? `: ${lines.join(' | ')}` : ''}`)
    this.lines = lines
  }
}

/** The programs that a step runs. They do not outlive it. */
export class Children {
  readonly #live = new Set<ChildProcess>()
  #isStopping = false

  /**
   * Starts a program. Its arguments reach it as they are: there is no shell.
   *
   * @throws {ChildError} if the step is ending: what is at work beside what has failed does not know that yet
   */
  start(command: string, args: readonly string[], options: ChildOptions = {}): Child {
    if (this.#isStopping) throw new ChildError(command, 'was not started: the step is ending', [])
    const stdout = options.stdout ?? 'lines'
    const child = spawn(command, args, {
      env: { ...process.env, ...options.env },
      stdio: [options.stdin ?? 'ignore', stdout === 'lines' ? 'pipe' : stdout, 'pipe'],
    })
    this.#live.add(child)
    const tail: string[] = []
    const onLine = (line: string) => {
      if (tail.push(line) > TAIL_LINES) tail.shift()
      options.onLine?.(line)
    }
    if (child.stderr) createInterface(child.stderr).on('line', onLine)
    if (child.stdout && stdout === 'lines') createInterface(child.stdout).on('line', onLine)
    const ended = this.#end(child, command, tail)
    // Whoever waits for it gets the failure; until then it must not end the step as an unhandled one.
    ended.catch(() => {})
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM')
      await Promise.allSettled([ended])
    }
    return { stdin: child.stdin, stdout: stdout === 'pipe' ? child.stdout : null, ended, stop }
  }

  /** Has no more program start, asks every one to end, and ends those that have not after so many seconds. */
  async stopAll(seconds: number): Promise<void> {
    this.#isStopping = true
    const timer = setTimeout(() => this.#signalAll('SIGKILL'), seconds * 1000)
    // Not `close`: what a program has started may hold its output open.
    const gone = [...this.#live].map((child) => new Promise((resolve) => child.once('exit', resolve)))
    this.#signalAll('SIGTERM')
    await Promise.all(gone)
    clearTimeout(timer)
  }

  #signalAll(signal: NodeJS.Signals): void {
    for (const child of this.#live) child.kill(signal)
  }

  #end(child: ChildProcess, command: string, tail: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      child.once('error', (error) => {
        this.#live.delete(child)
        reject(new ChildError(command, `could not be started: ${error.message}`, []))
      })
      child.once('close', (code, signal) => {
        this.#live.delete(child)
        if (code === 0) return resolve()
        reject(new ChildError(command, signal ? `was ended by ${signal}` : `ended with exit code ${code}`, tail))
      })
    })
  }
}

/**
 * Closes the step's own end of a program's input after another program was given it as its output. Not `end()`: that would
 * shut the connection down for both.
 */
export function handOver(stdin: Writable | null): void {
  stdin?.destroy()
}

/** Waits for all, and throws what comes first in this order: a broken pipe is only what follows from the reader's failure. */
export async function firstFailure(work: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason
  }
}
