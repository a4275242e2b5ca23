import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { shareMountsBelow, unmountBelow } from '../../lab/mounts.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-mounts-'))
})

afterEach(async () => {
  await unmountBelow(folder)
  await rm(folder, { recursive: true })
})

/** What the kernel says of the mounts at a path. */
async function mountsAt(path: string): Promise<string[]> {
  return (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').filter((line) => line.split(' ')[4] === path)
}

test('a folder is made one whose mounts are shared, once, and is none afterwards', async () => {
  const shared = join(folder, 'pods')
  await shareMountsBelow(shared)
  await shareMountsBelow(shared)
  expect(await mountsAt(shared)).toEqual([expect.stringMatching(/ shared:\d+ /)])
  await unmountBelow(folder)
  expect(await mountsAt(shared)).toEqual([])
})
