import { execa } from 'execa'
import { LabError } from './lab-error.ts'

/**
 * Runs a program to its end and gives what it wrote to standard output.
 *
 * @throws LabError with the command and the last lines that it wrote to standard error
 */
export async function run(command: readonly [string, ...string[]], options: RunOptions = {}): Promise<string> {
  const [program, ...argumentList] = command
  const { log } = options
  const tellLog = function* (line: unknown) {
    log?.(String(line))
    yield line
  }
  const result = await execa(program, argumentList, {
    reject: false,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.environment && { env: options.environment }),
    ...(options.directory && { cwd: options.directory }),
    ...(log && { stderr: tellLog }),
  })
  if (!result.failed) return String(result.stdout ?? '')
  const lines = String(result.stderr || result.stdout || result.originalMessage || '')
    .trim()
    .split('\n')
    .slice(-10)
  throw new LabError(`${command.join(' ')} failed${exitOf(result.exitCode)}: ${lines.join('\n')}`)
}

export type RunOptions = {
  /** Handed to standard input. */
  input?: string
  /** Added to this process' environment. */
  environment?: Record<string, string>
  directory?: string
  /** Gets each line of standard error as it is written. */
  log?: (line: string) => void
}

function exitOf(code: number | undefined): string {
  return code === undefined ? '' : ` with exit code ${code}`
}
