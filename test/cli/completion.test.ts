import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { execa } from 'execa'
import { ensureDebianPackages } from '../../lab/debian-packages.ts'
import { printCompletions } from '../../src/cli/completion/completion.ts'
import { buildProgram } from '../../src/cli/program.ts'

/** Both are installed in seconds, where nobody else installs something. */
const INSTALL_MILLISECONDS = 300_000
/** A shell that does not complete waits for ever. */
const PRESS = { timeout: 60_000 }

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

describe('of the shells that Debian has besides', () => {
  let folder: string

  beforeAll(async () => {
    await ensureDebianPackages(['zsh', 'fish'])
    folder = await mkdtemp(join(tmpdir(), 'holdfast-completion-'))
  }, INSTALL_MILLISECONDS)

  afterAll(async () => {
    await rm(folder, { recursive: true })
  })

  /** The file of what `completion` prints for a shell. */
  async function scriptFor(shell: string): Promise<string> {
    const file = join(folder, shell)
    await writeFile(file, await holdfast('completion', shell))
    return file
  }

  test('zsh completes by what `completion zsh` prints', async () => {
    const script = await scriptFor('zsh')
    const press = async (words: string) =>
      (await execa('zsh', ['-f', 'test/cli/support/press-tab.zsh', script, words], PRESS)).stdout
    expect(await press('holdfast backups rel')).toBe('holdfast backups release ')
    expect(await press('holdfast backup start --staging st')).toBe('holdfast backup start --staging stream ')
  })

  test('fish completes by what `completion fish` prints', async () => {
    const pressed = ['--no-config', '--command', 'source $argv[1]; complete --do-complete $argv[2]']
    const { stdout } = await execa('fish', [...pressed, await scriptFor('fish'), 'holdfast backups re'], PRESS)
    expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual(['release', 'restore'])
  })
})

test('another shell is refused', async () => {
  const { exitCode, stderr } = await execa(process.execPath, ['src/cli/main.ts', 'completion', 'csh'], {
    reject: false,
  })
  expect(stderr).toMatch(/Allowed choices are bash, zsh, fish/)
  expect(exitCode).toBe(2)
})
