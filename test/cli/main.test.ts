import { describe, expect, test } from '@jest/globals'
import { CommanderError } from 'commander'
import { execa } from 'execa'
import { exitCodeOf } from '../../src/cli/exit-code.ts'
import { InterruptedError, untilInterrupted } from '../../src/cli/interruption.ts'

async function demo(...args: string[]) {
  return await execa(process.execPath, ['src/cli/main.ts', 'demo', ...args], { reject: false })
}

describe('demo refuses, before anything is set up, and names the field', () => {
  test.each([
    [['--rows', '-1'], /sampleData\.rowsPerTable/],
    [['--tables', 'many'], /sampleData\.tables/],
    [['--schema', 'a '], /sampleData\.schema/],
    [['--sql', 'package.json'], /--sql needs --schema/],
    [['--sql', '/nowhere.sql', '--schema', 'shop'], /--sql: ENOENT/],
    [['--sql', 'package.json', '--schema', 'shop', '--rows', '5'], /--rows/],
    [['--workflow-id', ''], /--workflow-id/],
    [['--restore-suffix', 'a b'], /restoreSuffix/],
    [['--output', 'xml'], /--output/],
    [['--unknown'], /--unknown/],
  ])('%j', async (args, said) => {
    const { exitCode, stdout, stderr } = await demo(...args)
    expect(stderr).toMatch(said)
    expect(stdout).toBe('')
    expect(exitCode).toBe(2)
  })
})

describe('exitCodeOf', () => {
  test('takes a program that failed for a failure, whatever its own code', async () => {
    const error = await execa(process.execPath, ['--eval', 'process.exit(2)']).catch((thrown: unknown) => thrown)
    expect(exitCodeOf(error)).toBe(1)
  })

  test('tells help, bad options and Ctrl-C apart', () => {
    expect(exitCodeOf(new CommanderError(0, 'commander.helpDisplayed', ''))).toBe(0)
    expect(exitCodeOf(new CommanderError(1, 'commander.unknownOption', ''))).toBe(2)
    expect(exitCodeOf(new InterruptedError(''))).toBe(130)
  })
})

describe('untilInterrupted', () => {
  test('returns what the work returns and leaves no handler', async () => {
    const before = process.listenerCount('SIGINT')
    await expect(untilInterrupted(Promise.resolve(5), '')).resolves.toBe(5)
    expect(process.listenerCount('SIGINT')).toBe(before)
  })

  test('ends at SIGINT with what to do next', async () => {
    const work = Promise.withResolvers<void>()
    const ended = untilInterrupted(work.promise, 'how to cancel')
    process.emit('SIGINT')
    await expect(ended).rejects.toThrow(new InterruptedError('how to cancel'))
    work.resolve()
  })
})
