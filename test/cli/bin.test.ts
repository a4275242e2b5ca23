import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { CLI_COMPILE_CACHE, CLI_NODE_FLAGS } from '../../src/cli/process-settings.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-bin-'))
  await symlink(resolve('bin/holdfast'), join(folder, 'holdfast'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

describe('bin/holdfast', () => {
  test('runs from anywhere, by a link too, and passes words on as they are', async () => {
    // The machine's own Node, which may be too old, is not asked.
    const options = { cwd: folder, reject: false, env: { PATH: '/usr/bin:/bin' } }
    const { exitCode, stderr } = await execa(
      './holdfast',
      ['backup', 'start', '--request', "it's $(not) there"],
      options,
    )
    expect(stderr).toContain("it's $(not) there: ENOENT")
    expect(exitCode).toBe(2)
  })

  test('keeps what was compiled where it is told to, or beside the packages', async () => {
    const kept = join(folder, 'kept')
    await execa('bin/holdfast', ['--help'], {
      extendEnv: false,
      env: { PATH: '/usr/bin:/bin', NODE_COMPILE_CACHE: kept },
    })
    expect(await readdir(kept)).not.toEqual([])
    // All other tests have that one.
    expect(await readFile('bin/holdfast', 'utf8')).toContain(`"\${NODE_COMPILE_CACHE-$root/${CLI_COMPILE_CACHE}}"`)
  })

  test('is what package.json names, and starts Node as it is measured', async () => {
    const { bin } = JSON.parse(await readFile('package.json', 'utf8'))
    expect(bin).toEqual({ holdfast: 'bin/holdfast' })
    expect(await readFile('bin/holdfast', 'utf8')).toContain(`${CLI_NODE_FLAGS.join(' ')} "$root/src/cli/main.ts"`)
  })
})
