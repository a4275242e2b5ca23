import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { KeptBundle } from '../../src/worker/kept-bundle.ts'

let repository: string

beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), 'holdfast-bundle-'))
  await mkdir(join(repository, 'src', 'workflows'), { recursive: true })
  await write('package-lock.json', '{}')
  await write('src/workflows/index.ts', 'export {}')
})
afterEach(async () => await rm(repository, { recursive: true }))

async function write(file: string, text: string): Promise<void> {
  await writeFile(join(repository, file), text)
}

async function kept(spans: 'traced' | 'untraced' = 'untraced'): Promise<KeptBundle> {
  return await KeptBundle.ofTheseSources(spans, repository)
}

test('what was written for these sources is read', async () => {
  expect(await (await kept()).read()).toBeUndefined()
  await (await kept()).write('a bundle')
  expect(await (await kept()).read()).toBe('a bundle')
  expect(await (await kept('traced')).read()).toBeUndefined()
})

test.each([
  ['a source that changed', 'src/workflows/index.ts', 'export const more = 1'],
  ['a source that came', 'src/workflows/more.ts', 'export {}'],
  ['a package that changed', 'package-lock.json', '{"packages":{}}'],
])('%s wants another one, which takes the place of the first', async (_, file, text) => {
  await (await kept()).write('a bundle')
  await (await kept('traced')).write('a traced bundle')
  await write(file, text)
  expect(await (await kept()).read()).toBeUndefined()
  await (await kept()).write('another')
  expect(await (await kept()).read()).toBe('another')
  expect(await readdir(join(repository, 'node_modules', '.cache', 'holdfast'))).toHaveLength(2)
})

test('where nothing can be written, none is kept', async () => {
  await write('node_modules', 'a file, not a folder')
  await (await kept()).write('a bundle')
  expect(await (await kept()).read()).toBeUndefined()
})
