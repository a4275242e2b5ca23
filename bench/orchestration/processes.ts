import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Cleanup } from './cleanup.ts'

const TERM_MILLISECONDS = 10_000

/** The programs that a benchmark runs beside itself: each with a log of its own, all ended with it. */
export class Processes {
  readonly #directory: string
  readonly #cleanup: Cleanup

  /** @param directory where their logs go */
  constructor(directory: string, cleanup: Cleanup) {
    this.#directory = directory
    this.#cleanup = cleanup
  }

  /** Starts a program and returns its process id. That it works is the caller's to find out. */
  async start(
    name: string,
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const output = { file: this.logOf(name), append: true }
    const child = execa(program, args, {
      env,
      stdin: 'ignore',
      stdout: output,
      stderr: output,
      buffer: false,
      reject: false,
      forceKillAfterDelay: TERM_MILLISECONDS,
    })
    this.#cleanup.defer(async () => {
      child.kill('SIGTERM')
      await child
    })
    if (child.pid === undefined) throw new Error(`${name} did not start: ${(await child).message}`)
    return child.pid
  }

  logOf(name: string): string {
    return join(this.#directory, `${name}.log`)
  }

  async lastLines(name: string): Promise<string> {
    const text = await readFile(this.logOf(name), 'utf8').catch(() => '')
    return text.split('\n').slice(-10).join('\n')
  }
}

/** A port of the loopback address that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port was given.')
  return address.port
}
