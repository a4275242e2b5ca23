import { appendFile, mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { statePath } from './paths.ts'

const maximumBytes = 20 * 1024 * 1024
const startMark = '--- started'

/** The log of a part: all that it wrote to standard output and error. */
export function logFile(name: string): string {
  return statePath('logs', `${name}.log`)
}

/** Opens a part's log for a fresh start. One that has grown large is set aside, replacing the one before it. */
export async function openLog(name: string): Promise<{ fd: number; close: () => Promise<void> }> {
  const path = logFile(name)
  await mkdir(dirname(path), { recursive: true })
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size > maximumBytes) await rename(path, `${path}.1`)
  await appendFile(path, `${startMark} ${new Date().toISOString()}\n`)
  const file = await open(path, 'a')
  return { fd: file.fd, close: () => file.close() }
}

/** The last lines that a part wrote since its last start, oldest first. */
export async function lastLogLines(name: string, count: number): Promise<string[]> {
  const file = await open(logFile(name), 'r').catch(() => undefined)
  if (file === undefined) return []
  try {
    const { size } = await file.stat()
    const length = Math.min(size, 64 * 1024)
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
    const lines = buffer.toString('utf8').split('\n').filter(Boolean)
    const start = lines.findLastIndex((line) => line.startsWith(startMark))
    return lines.slice(start + 1).slice(-count)
  } finally {
    await file.close()
  }
}
