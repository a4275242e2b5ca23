import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { type Command, CommanderError } from 'commander'
import { z } from 'zod'
import { buildProgram } from '../../src/cli/program.ts'
import { parseBackupRequest } from '../../src/domain/backup-request.ts'
import { pruneRequestSchema } from '../../src/domain/prune-request.ts'
import { parseDrillRequest, parseRestoreRequest } from '../../src/domain/restore-request.ts'
import { type ShownCommand, shownCommands } from './support/commands.ts'
import { readPages, repository } from './support/documentation.ts'

/** Scripts of package.json that are the CLI, and the words that they begin with. */
const SCRIPTS_OF_CLI: Readonly<Record<string, readonly string[]>> = { holdfast: [], demo: ['demo'] }

const REQUESTS: Readonly<Record<string, (input: unknown) => unknown>> = {
  BackupPipeline: parseBackupRequest,
  RestoreBackup: parseRestoreRequest,
  DrillBackup: parseDrillRequest,
  PruneBackups: (input) => pruneRequestSchema().parse(input),
}

let commands: readonly ShownCommand[]

beforeAll(async () => {
  process.env.HOLDFAST_BUCKET = 'test-123456789012'
  const pages = await readPages()
  commands = pages.flatMap((page) => shownCommands(page, ['holdfast', 'npx', 'npm', 'temporal']))
})

describe('what the documentation shows to be typed', () => {
  test('of holdfast, is understood by it', async () => {
    const shown = commands.flatMap((command) => {
      const args = argumentsForCli(command.words)
      return args ? [{ ...command, args }] : []
    })
    const wrong: string[] = []
    for (const { args, isWhole, file, line } of shown) {
      const complaint = await complaintAbout(args, isWhole)
      if (complaint !== undefined) wrong.push(`${file}: ${line}: ${complaint}`)
    }
    expect(wrong).toEqual([])
    expect(shown.length).toBeGreaterThan(20)
  })

  test('of npm, are scripts that there are', async () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')))
    const wrong = commands.filter(({ words }) => {
      const script = scriptOf(words)
      return script !== undefined && scripts[script] === undefined
    })
    expect(wrong.map(({ file, line }) => `${file}: ${line}`)).toEqual([])
  })

  test('of temporal, asks for workflows that there are, by requests that they take', () => {
    const started = commands.filter(({ words }) => words[0] === 'temporal' && words.includes('--input'))
    const wrong: string[] = []
    for (const { words, file, line } of started) {
      // The input of an update or a signal is another matter.
      const type = optionOf(words, '--type')
      if (type === undefined) continue
      const parse = REQUESTS[type]
      if (!parse) wrong.push(`${file}: ${line}: there is no ${type}`)
      else if (!isTaken(parse, optionOf(words, '--input'))) wrong.push(`${file}: ${line}`)
    }
    expect(wrong).toEqual([])
    expect(started.length).toBeGreaterThan(5)
  })
})

function scriptOf([program, verb, ...others]: readonly string[]): string | undefined {
  if (program !== 'npm') return undefined
  if (verb === 'test') return 'test'
  return verb === 'run' ? others.find((word) => !word.startsWith('-')) : undefined
}

/** Undefined where it is not the CLI that runs. */
function argumentsForCli(words: readonly string[]): readonly string[] | undefined {
  if (words[0] === 'holdfast') return words.slice(1)
  if (words[0] === 'npx') return words[1] === 'holdfast' ? words.slice(2) : undefined
  const script = scriptOf(words)
  const first = script === undefined ? undefined : SCRIPTS_OF_CLI[script]
  if (!first) return undefined
  const at = words.indexOf('--')
  return [...first, ...(at < 0 ? [] : words.slice(at + 1))]
}

/** What commander has against these arguments. Nothing is done of what they ask for. */
async function complaintAbout(args: readonly string[], isWhole: boolean): Promise<string | undefined> {
  const program = withoutActions(buildProgram())
  if (isGroup(program, args)) return undefined
  try {
    await program.parseAsync([...args], { from: 'user' })
    return undefined
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return undefined
    // In a sentence, a command may be named without its arguments.
    if (!isWhole && error.code === 'commander.missingArgument') return undefined
    return error.message
  }
}

/** Whether these are the words of a command that has others below it. */
function isGroup(program: Command, args: readonly string[]): boolean {
  let command: Command | undefined = program
  for (const word of args) command = command?.commands.find((each) => each.name() === word)
  return command !== undefined && command.commands.length > 0
}

function withoutActions(command: Command): Command {
  command.configureOutput({ writeErr: () => {}, writeOut: () => {} })
  if (command.commands.length === 0) command.action(() => {})
  command.commands.forEach(withoutActions)
  return command
}

function optionOf(words: readonly string[], option: string): string | undefined {
  const at = words.indexOf(option)
  return at < 0 ? undefined : words[at + 1]
}

function isTaken(parse: (input: unknown) => unknown, text = ''): boolean {
  try {
    parse(JSON.parse(text))
    return true
  } catch {
    return false
  }
}
