import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from './lab-error.ts'

/** After this long without the lock, somebody else must have it. */
const waitingMilliseconds = 300

/**
 * Does the work while no other process does work under the same lock, and waits for one that does. The lock is the kernel's,
 * held by a small program that ends with this process: however this process dies, nobody waits for it.
 *
 * @param onWait told once, if there is somebody to wait for
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>, onWait: () => void = () => {}): Promise<T> {
  await mkdir(dirname(path), { recursive: true })
  const holder = spawn('flock', ['--exclusive', path, 'sh', '-c', 'echo locked; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // An interrupt from the keyboard is for this process, which may have to tidy up before the lock is given back.
    detached: true,
  })
  const ended = once(holder, 'exit')
  const waiting = setTimeout(onWait, waitingMilliseconds)
  const failed = ended.then(() => {
    throw new LabError(`The lock ${path} cannot be taken.`)
  })
  await Promise.race([once(holder.stdout, 'data'), failed]).finally(() => clearTimeout(waiting))
  failed.catch(() => {})
  try {
    return await work()
  } finally {
    holder.stdin.end()
    await ended
  }
}
