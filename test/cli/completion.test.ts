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
    [['backup', 'sta'], ['start', 'status']],
    [['backup', 'decide', 'nightly', ''], ['retry', 'undo', 'keep']],
    [['backup', 'start', '--staging', ''], ['volume', 'pod', 'stream']],
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
  const script = await holdfast('completion', 'bash')
  // What the package bash-completion has, as far as the script needs it.
  const words = '_get_comp_words_by_ref() { words=("${COMP_WORDS[@]}"); cword=$COMP_CWORD; cur=${words[cword]}; }'
  const press = 'COMP_WORDS=(holdfast backups li); COMP_CWORD=2; compopt() { :; }; __holdfast_complete; echo "$COMPREPLY"'
  const { stdout } = await execa('bash', ['-c', [words, script, press].join('\n')])
  expect(stdout).toBe('list')
})

test.each(['zsh', 'fish'])('%s is given a script that asks this program', async (shell) => {
  expect(await holdfast('completion', shell)).toContain('src/cli/main.ts complete --')
})

test('another shell is refused', async () => {
  const { exitCode, stderr } = await execa(process.execPath, ['src/cli/main.ts', 'completion', 'csh'], { reject: false })
  expect(stderr).toMatch(/Allowed choices are bash, zsh, fish/)
  expect(exitCode).toBe(2)
})
