import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { identifyProcess, isAlive } from './process-identity.ts'

const holderSchema = z.object({ pid: z.number(), startTicks: z.number(), bootId: z.string() })

/**
 * Does the work while no other process does work under the same lock. Waits for one that does; the lock of a process that
 * died is taken over.
 *
 * @param onWait told once, if there is somebody to wait for
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: (pid: number) => void = () => {},
): Promise<T> {
  await mkdir(dirname(path), { recursive: true })
  let told = false
  for (;;) {
    if (await tryToTake(path)) break
    const holder = await readHolder(path)
    if (!holder || !(await isAlive(holder))) {
      await rm(path, { force: true })
      continue
    }
    if (!told) onWait(holder.pid)
    told = true
    await delay(200)
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

/** A link appears whole or not at all, so that nobody reads a lock that is half written. */
async function tryToTake(path: string): Promise<boolean> {
  const own = `${path}.${process.pid}`
  await writeFile(own, JSON.stringify(await identifyProcess(process.pid)))
  try {
    await link(own, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(own, { force: true })
  }
}

async function readHolder(path: string) {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  return holderSchema.safeParse(JSON.parse(text)).data
}
