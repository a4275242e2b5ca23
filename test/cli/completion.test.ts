import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { execa } from 'execa'
import { printCompletions } from '../../src/cli/completion/completion.ts'
import { buildProgram } from '../../src/cli/program.ts'

async function holdfast(...words: string[]): Promise<string> {
  const { stdout } = await execa(process.execPath, ['src/cli/main.ts', ...words])
  return stdout
}

afterEach(() => {
  jest.restoreAllMocks()
})

describe('the Tab key', () => {
  test.each([
    [
      ['backup', 'sta'],
      ['start', 'status'],
    ],
    [
      ['backup', 'decide', 'nightly', ''],
      ['retry', 'undo', 'keep'],
    ],
    [
      ['backup', 'start', '--staging', ''],
      ['volume', 'pod', 'stream'],
    ],
    [['backup', 'start', '--watch', '--enc'], ['--encryption']],
    [['backups', 'prune', '--qu'], ['--quiet']],
    [['compl'], ['completion']],
  ])('after %j gives %j', (words, expected) => {
    const lines: string[] = []
    jest.spyOn(console, 'log').mockImplementation((line) => void lines.push(line))
    printCompletions(buildProgram(), words)
    // The last line is for the shell's script.
    expect(lines.slice(0, -1).map((line) => line.split('\t')[0])).toEqual(expected)
  })
})

test('bash completes by what `completion bash` prints', async () => {
  const input = await holdfast('completion', 'bash')
  const { stdout } = await execa('bash', ['test/cli/support/press-tab.sh', 'holdfast', 'backups', 're'], { input })
  expect(stdout.split('\n')).toEqual(['restore', 'release'])
})

test.each(['zsh', 'fish'])('%s is given a script that asks this program', async (shell) => {
  expect(await holdfast('completion', shell)).toContain('src/cli/main.ts complete --')
})

test('another shell is refused', async () => {
  const { exitCode, stderr } = await execa(process.execPath, ['src/cli/main.ts', 'completion', 'csh'], {
    reject: false,
  })
  expect(stderr).toMatch(/Allowed choices are bash, zsh, fish/)
  expect(exitCode).toBe(2)
})
