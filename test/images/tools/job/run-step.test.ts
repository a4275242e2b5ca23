import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from '@jest/globals'

const PROGRAM = fileURLToPath(new URL('../fixtures/step.ts', import.meta.url))
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

function start(env: Record<string, string>) {
  return spawn(process.execPath, [PROGRAM], {
    env: { PATH: process.env.PATH, TERMINATION_MESSAGE_PATH: join(folder, 'message'), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function message(): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, 'message'), 'utf8'))
}

test('an answer goes to the termination message, with exit code 0', async () => {
  const [code] = await once(start({ DO: 'answer' }), 'close')
  expect(code).toBe(0)
  expect(await message()).toEqual({ done: 'answer' })
})

test('settings that are wrong are named, and nothing is done', async () => {
  const [code] = await once(start({ DO: 'dance' }), 'close')
  expect(code).toBe(1)
  expect(await message()).toMatchObject({ failure: { type: 'InvalidSettings', retryable: false } })
  expect(JSON.stringify(await message())).toContain('DO: ')
})

test('a failure says its type, and whether to try again', async () => {
  const [code] = await once(start({ DO: 'fail' }), 'close')
  expect(code).toBe(1)
  const failure = { type: 'TooLate', message: 'The train has left. Take the next one.', retryable: false }
  expect(await message()).toEqual({ failure })
})

test('an answer of another shape is a failure', async () => {
  const [code] = await once(start({ DO: 'answer-wrongly' }), 'close')
  expect(code).toBe(1)
  expect(await message()).toMatchObject({ failure: { type: 'Unexpected' } })
})

test('SIGTERM ends the programs that the step started, and then the step', async () => {
  const step = start({ DO: 'wait' })
  const lines = createInterface(step.stdout)
  const [line] = await once(lines, 'line')
  const pid = Number(/^child (\d+)$/.exec(String(line))?.[1])
  expect(() => process.kill(pid, 0)).not.toThrow()
  step.kill('SIGTERM')
  const [code] = await once(step, 'close')
  expect(code).toBe(143)
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/)
})
