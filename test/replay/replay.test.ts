import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { execa } from 'execa'

/** Bundling and replaying take seconds, and more on a machine that has other things to do. */
jest.setTimeout(180_000)

const folder = fileURLToPath(new URL('.', import.meta.url))

let scratch: string

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'holdfast-replay-'))
})

afterAll(async () => {
  await rm(scratch, { recursive: true })
})

async function replay(spans: 'untraced' | 'traced', files: readonly string[]) {
  return await execa(process.execPath, [join(folder, 'replay-histories.ts'), spans, ...files], {
    reject: false,
    all: true,
  })
}

test.each(['untraced', 'traced'] as const)(
  'the recorded histories replay against the code of today, %s',
  async (spans) => {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
    expect(names).not.toHaveLength(0)
    const { exitCode, all } = await replay(
      spans,
      names.map((name) => join(folder, name)),
    )
    expect(exitCode === 0 ? '' : all).toBe('')
  },
)

test('a history of other steps does not replay', async () => {
  const history = await readFile(join(folder, 'proven.json'), 'utf8')
  const changed = join(scratch, 'changed.json')
  await writeFile(changed, history.replace('"name": "dump"', '"name": "upload"'))
  const { exitCode, all } = await replay('untraced', [changed])
  expect(exitCode).toBe(1)
  expect(all).toContain('DeterminismViolationError')
})
