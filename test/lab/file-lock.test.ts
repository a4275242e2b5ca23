import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { withFileLock } from '../../lab/file-lock.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-lock-'))
})

afterEach(() => rm(folder, { recursive: true }))

test('one at a time', async () => {
  let inside = 0
  let most = 0
  const work = async () => {
    inside += 1
    most = Math.max(most, inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside -= 1
  }
  await Promise.all([1, 2, 3].map(() => withFileLock(join(folder, 'lock'), work)))
  expect(most).toBe(1)
})

test('is given back after a failure', async () => {
  const lock = join(folder, 'lock')
  await expect(withFileLock(lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await withFileLock(lock, async () => 'free')).toBe('free')
})

test('is given back when the process that holds it is killed', async () => {
  const lock = join(folder, 'lock')
  const module = join(import.meta.dirname, '../../lab/file-lock.ts')
  const program = `import { withFileLock } from '${module}'
    await withFileLock('${lock}', () => new Promise(() => { console.log('held'); setInterval(() => {}, 1000) }))`
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', program])
  await once(holder.stdout, 'data')
  let waited = false
  const taken = withFileLock(
    lock,
    async () => 'taken over',
    () => {
      waited = true
      holder.kill('SIGKILL')
    },
  )
  expect(await taken).toBe('taken over')
  expect(waited).toBe(true)
})
