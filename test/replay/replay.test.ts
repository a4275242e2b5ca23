import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { recordedHistories, replay } from './replay.ts'

/** Bundling and replaying take seconds, and more on a machine that has other things to do. */
jest.setTimeout(180_000)

let scratch: string

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'holdfast-replay-'))
})

afterAll(async () => {
  await rm(scratch, { recursive: true })
})

test('the recorded histories replay against the code of today', async () => {
  const { exitCode, all } = await replay('untraced', await recordedHistories())
  expect(exitCode === 0 ? '' : all).toBe('')
})

test('a history of other steps does not replay', async () => {
  const history = await readFile(join(import.meta.dirname, 'proven.json'), 'utf8')
  const changed = join(scratch, 'changed.json')
  await writeFile(changed, history.replace('"name": "dump"', '"name": "upload"'))
  const { exitCode, all } = await replay('untraced', [changed])
  expect(exitCode).toBe(1)
  expect(all).toContain('DeterminismViolationError')
})
