import { jest } from '@jest/globals'
import { runProgram } from '../../../src/cli/run-program.ts'

/** How a command ended, and what it printed, without the end of its last line. */
export interface Ended {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command in this process, which is much quicker than in one of its own. No two at a time. */
export async function runCli(...words: readonly string[]): Promise<Ended> {
  const [stdout, stderr] = [process.stdout, process.stderr].map((stream) => {
    const text: string[] = []
    const spy = jest.spyOn(stream, 'write').mockImplementation((chunk) => text.push(String(chunk)) > 0)
    return { text: () => text.join('').replace(/\n$/, ''), end: () => spy.mockRestore() }
  })
  process.exitCode = 0
  try {
    await runProgram(words)
    return { exitCode: Number(process.exitCode), stdout: stdout?.text() ?? '', stderr: stderr?.text() ?? '' }
  } finally {
    process.exitCode = 0
    stdout?.end()
    stderr?.end()
  }
}
