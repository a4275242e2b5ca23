import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { identifyProcess, isAlive, parseStat } from '../../lab/process-identity.ts'

describe('parseStat', () => {
  test('is not led astray by a program whose name holds brackets and blanks', () => {
    const rest = '1 4242 4242 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2'
    expect(parseStat(`4243 (odd) R (name) S ${rest}`)).toEqual({ state: 'S', processGroup: 4242, startTicks: 987654 })
  })
})

describe('isAlive', () => {
  test('knows a running process', async () => {
    const identity = await identifyProcess(process.pid)
    expect(identity && (await isAlive(identity))).toBe(true)
  })

  test('does not take another process with the same pid for it', async () => {
    const identity = await identifyProcess(process.pid)
    if (!identity) throw new Error('this process has no identity')
    expect(await isAlive({ ...identity, startTicks: identity.startTicks - 1 })).toBe(false)
    expect(await isAlive({ ...identity, bootId: 'another boot' })).toBe(false)
  })

  test('knows that a process has ended', async () => {
    const child = spawn('sleep', ['60'])
    await once(child, 'spawn')
    const identity = await identifyProcess(child.pid ?? 0)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(identity).toBeDefined()
    expect(identity && (await isAlive(identity))).toBe(false)
  })
})
