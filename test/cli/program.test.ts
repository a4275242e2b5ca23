import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Command } from 'commander'
import { execa } from 'execa'
import { buildProgram } from '../../src/cli/program.ts'
import { allCommands, commandOf } from './support/options-of.ts'

async function holdfast(...words: string[]) {
  return await execa(process.execPath, ['src/cli/main.ts', ...words], { reject: false })
}

/** Those that a person can run: not the groups, and not what only shells call. */
function leaves(program: Command): Command[] {
  return allCommands(program).filter((command) => command.commands.length === 0 && command.name() !== 'complete')
}

function pathOf(command: Command): string {
  return command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

function helpOf(command: Command): string {
  const text: string[] = []
  command.configureOutput({ writeOut: (each) => text.push(each) }).outputHelp()
  return text.join('')
}

/** The path of the command that is run by these words. None is. */
async function commandRunBy(words: readonly string[]): Promise<string> {
  const program = buildProgram()
  let run = ''
  for (const each of leaves(program)) {
    each.action(() => {
      run = pathOf(each)
    })
  }
  await program.parseAsync(words, { from: 'user' })
  return run
}

describe('each command says what it does, and shows how it is typed', () => {
  beforeAll(() => {
    process.env.HOLDFAST_BUCKET = 'test-1'
  })

  afterAll(() => {
    delete process.env.HOLDFAST_BUCKET
  })

  test.each(leaves(buildProgram()).map((command) => [pathOf(command), command] as const))(
    '%s',
    async (path, command) => {
      expect(command.description()).toMatch(/\.$/)
      const examples = helpOf(command)
        .split('\n')
        .filter((line) => line.startsWith('  holdfast '))
      expect(examples).not.toHaveLength(0)
      for (const example of examples) {
        // Behind it may stand what a shell does with the result, or what it is good for.
        const [, ...words] = (example.trim().split(/[|>]| {2}/)[0] ?? '').trim().split(/\s+/)
        expect(await commandRunBy(words)).toBe(path.replace(/^backups (?=restore|prune)/, ''))
      }
    },
  )
})

describe('a mistyped command is refused, with the one that was meant', () => {
  test.each([
    [['bakup'], /Did you mean backup\?/],
    [['backup', 'strat'], /Did you mean start\?/],
    [['backups', 'lst', '--bucket', 'b'], /Did you mean list\?/],
    [['backup', 'start', '--stagin', 'pod'], /Did you mean --staging\?/],
  ])('%j', async (words, said) => {
    const { exitCode, stdout, stderr } = await holdfast(...words)
    expect(stderr).toMatch(said)
    expect(stdout).toBe('')
    expect(exitCode).toBe(2)
  })
})

test('help is the result, and says what exit codes mean', async () => {
  const { exitCode, stdout, stderr } = await holdfast('--help')
  expect(stdout).toMatch(/^ {2}130 +Ctrl-C/m)
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
})

test.each(['restore', 'prune'])('%s is the same below `backups`', (name) => {
  const flagsOf = (...path: string[]) => commandOf(buildProgram(), path).options.map(({ flags }) => flags)
  expect(flagsOf(name)).toEqual(flagsOf('backups', name))
})

test('what a command needs is loaded with it: the commands by themselves load none of the clients', async () => {
  const program = new URL('../../src/cli/program.ts', import.meta.url).href
  const script = `
    import { registerHooks } from 'node:module'
    const packages = new Set()
    registerHooks({
      load: (url, context, next) => {
        packages.add(/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1])
        return next(url, context)
      },
    })
    const { buildProgram } = await import(${JSON.stringify(program)})
    buildProgram()
    console.log([...packages].filter(Boolean).sort().join(' '))
  `
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', script])
  expect(stdout).toBe('commander es-toolkit zod')
})
