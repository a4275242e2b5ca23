import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
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

  test('keeps what was compiled, beside the packages of its clone', async () => {
    const clone = join(folder, 'clone')
    await mkdir(join(clone, 'node_modules'), { recursive: true })
    await cp('bin', join(clone, 'bin'), { recursive: true })
    for (const shared of ['src', 'node_modules/.bin']) await symlink(resolve(shared), join(clone, shared))
    await execa(join(clone, 'bin/holdfast'), ['--help'], { extendEnv: false, env: { PATH: '/usr/bin:/bin' } })
    expect(await readdir(join(clone, CLI_COMPILE_CACHE))).not.toEqual([])
  })

  test('is what package.json names, and starts Node as it is measured', async () => {
    const { bin } = JSON.parse(await readFile('package.json', 'utf8'))
    expect(bin).toEqual({ holdfast: 'bin/holdfast' })
    expect(await readFile('bin/holdfast', 'utf8')).toContain(`${CLI_NODE_FLAGS.join(' ')} "$root/src/cli/main.ts"`)
  })
})
