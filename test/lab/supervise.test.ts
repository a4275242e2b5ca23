import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { logFile } from '../../lab/log-files.ts'
import type { Part } from '../../lab/part.ts'
import { readPidFile } from '../../lab/pid-file.ts'
import { probeHttp } from '../../lab/probes.ts'
import { isAlive } from '../../lab/process-identity.ts'
import { processesOfGroup } from '../../lab/process-list.ts'
import { ensurePart, stopPart } from '../../lab/supervise.ts'

const name = `test-part-${process.pid}`

afterEach(async () => {
  await stopPart(name)
  await rm(logFile(name), { force: true })
})

describe('ensurePart', () => {
  test('starts a part once, and again when it was killed', async () => {
    const part = await serverPart()
    expect(await ensurePart(part)).toBe(true)
    const first = await recordOf(name)
    expect(await ensurePart(part)).toBe(false)
    expect((await recordOf(name)).pid).toBe(first.pid)

    process.kill(first.pid, 'SIGKILL')
    expect(await ensurePart(part)).toBe(true)
    expect((await recordOf(name)).pid).not.toBe(first.pid)
  })

  test('starts a part anew when its command has changed', async () => {
    const part = await serverPart()
    await ensurePart(part)
    const first = await recordOf(name)
    expect(await ensurePart({ ...part, environment: { CHANGED: '1' } })).toBe(true)
    expect(await isAlive(first)).toBe(false)
  })

  test('hands nothing of its own environment to a part', async () => {
    process.env.HOLDFAST_TEST_SECRET = 'secret'
    await ensurePart(await serverPart())
    const { pid } = await recordOf(name)
    delete process.env.HOLDFAST_TEST_SECRET
    expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('HOLDFAST_TEST_SECRET')
  })

  test('says what a part said last if it ends at once', async () => {
    const part = await serverPart()
    const program = 'console.error("no such database"); process.exit(3)'
    await expect(ensurePart({ ...part, command: [process.execPath, '-e', program] })).rejects.toThrow(
      /ended right after its start: no such database/,
    )
  })

  test('names who has the port that a part needs, and does not start it', async () => {
    const part = await serverPart()
    const other = createServer().listen(portOf(part), '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    await expect(ensurePart(part)).rejects.toThrow(
      new RegExp(`Port 127.0.0.1:${portOf(part)} .* is taken by .* \\(process ${process.pid}\\)`),
    )
    expect(await readPidFile(name)).toBeUndefined()
    await new Promise((resolve) => other.close(resolve))
  })
})

describe('stopPart', () => {
  test('kills what does not end by itself, and what it started', async () => {
    const part = await serverPart('process.on("SIGTERM", () => {}); require("child_process").spawn("sleep", ["600"])')
    await ensurePart(part)
    const record = await recordOf(name)
    expect(await processesOfGroup(record.pid)).toHaveLength(2)
    await stopPart(name)
    expect(await isAlive(record)).toBe(false)
    expect(await processesOfGroup(record.pid)).toEqual([])
  })
})

async function recordOf(part: string) {
  const record = await readPidFile(part)
  if (!record) throw new Error(`${part} has no record`)
  return record
}

/** A part that serves HTTP on a port that was free a moment ago. */
async function serverPart(also = ''): Promise<Part> {
  const port = await freePort()
  const program = `require('http').createServer((_, r) => r.end()).listen(${port}, '127.0.0.1'); ${also}`
  return {
    name,
    command: [process.execPath, '-e', program],
    address: `127.0.0.1:${port}`,
    ports: [`tcp:127.0.0.1:${port}`],
    probe: () => probeHttp(`http://127.0.0.1:${port}/`),
    readySeconds: 20,
    stopSeconds: 1,
  }
}

function portOf(part: Part): number {
  return Number(part.address.split(':')[1])
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
