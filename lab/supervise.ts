import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { hashOf } from './hashes.ts'
import { codeOf, LabError, messageOf } from './lab-error.ts'
import { lastLogLines, logFile, openLog } from './log-files.ts'
import type { Part } from './part.ts'
import { repository } from './paths.ts'
import { readPidFile, removePidFile, writePidFile } from './pid-file.ts'
import { assertPortsFree } from './ports.ts'
import { identifyProcess, isAlive } from './process-identity.ts'
import { processesOfGroup } from './process-list.ts'

const pollMilliseconds = 50

/** How far the heap of a Go program grows between two collections of its garbage. Go's own figure is 100. */
export const GO_HEAP_GROWTH_PERCENT = '400'

/**
 * Sees to it that a part runs as it is described and works. One that does is left alone; one that died, that was started in
 * another way or that does not answer is started anew.
 *
 * @returns whether it had to be started
 * @throws LabError if a port is taken, or it ends or is not ready in time; with the last line of its log
 */
export async function ensurePart(part: Part): Promise<boolean> {
  const fingerprint = await fingerprintOf(part)
  const record = await readPidFile(part.name)
  if (record && (await isAlive(record))) {
    if (record.fingerprint === fingerprint && (await answersWithin(part, 5))) return false
    await stopPart(part.name)
  }
  await assertPortsFree(part.name, part.ports)
  await launch(part, fingerprint)
  await waitUntilReady(part)
  return true
}

/** Whether a part runs as described, without asking whether it answers. */
export async function isCurrent(part: Part): Promise<boolean> {
  const record = await readPidFile(part.name)
  return record !== undefined && (await isAlive(record)) && record.fingerprint === (await fingerprintOf(part))
}

/**
 * Ends a part and what it started in its process group: SIGTERM, and SIGKILL for what is left after its grace. One that
 * does not run is no error.
 */
export async function stopPart(name: string): Promise<void> {
  const record = await readPidFile(name)
  if (record && (await isAlive(record))) {
    signalGroup(record.pid, 'SIGTERM')
    if (!(await groupEndsWithin(record.pid, record.stopSeconds))) {
      signalGroup(record.pid, 'SIGKILL')
      await groupEndsWithin(record.pid, 10)
    }
  }
  await removePidFile(name)
}

async function launch(part: Part, fingerprint: string): Promise<void> {
  const log = await openLog(part.name)
  const [program, ...argumentList] = part.command
  const child = spawn(program, argumentList, {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    cwd: '/',
    env: environmentOf(part),
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  }).finally(() => log.close())
  child.unref()
  const identity = child.pid === undefined ? undefined : await identifyProcess(child.pid)
  if (!identity) throw new LabError(await deathNote(part))
  const startedAt = new Date().toISOString()
  const { name, address, stopSeconds } = part
  await writePidFile({ name, ...identity, startedAt, fingerprint, address, stopSeconds })
}

/** Nothing of the caller's environment is handed on: it may hold secrets, and a part must not depend on who starts it. */
function environmentOf(part: Part): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    LANG: 'C.UTF-8',
    // Most parts are Go programs with small heaps, on a machine that has few processors and memory to spare.
    GOGC: GO_HEAP_GROWTH_PERCENT,
    ...part.environment,
  }
}

async function waitUntilReady(part: Part): Promise<void> {
  const deadline = Date.now() + part.readySeconds * 1000
  for (;;) {
    const failure = await part.probe().then(
      () => undefined,
      (error: unknown) => error ?? new Error('no reason given'),
    )
    if (failure === undefined) return
    const record = await readPidFile(part.name)
    if (!record || !(await isAlive(record))) throw new LabError(await deathNote(part))
    if (Date.now() > deadline) {
      throw new LabError(
        `${part.name} is not ready after ${part.readySeconds} s (${messageOf(failure)}). Its log: ${logFile(part.name)}`,
      )
    }
    await delay(pollMilliseconds)
  }
}

async function deathNote(part: Part): Promise<string> {
  const [last] = await lastLogLines(part.name, 1)
  return `${part.name} ended right after its start: ${last ?? 'it wrote nothing'}. Its log: ${logFile(part.name)}`
}

async function answersWithin(part: Part, seconds: number): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const answered = await part.probe().then(
      () => true,
      () => false,
    )
    if (answered || Date.now() > deadline) return answered
    await delay(pollMilliseconds)
  }
}

async function fingerprintOf(part: Part): Promise<string> {
  const contents = await Promise.all((part.configuration ?? []).map((path) => readFile(path)))
  // Two clones of one version start the same parts, from different folders.
  const command = part.command.map((word) => word.replaceAll(repository, ''))
  return hashOf(JSON.stringify([command, environmentOf(part)]), ...contents)
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal)
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error
  }
}

async function groupEndsWithin(leader: number, seconds: number): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000
  while ((await processesOfGroup(leader)).length > 0) {
    if (Date.now() > deadline) return false
    await delay(pollMilliseconds)
  }
  return true
}
