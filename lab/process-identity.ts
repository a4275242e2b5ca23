import { readFile } from 'node:fs/promises'

/** Tells one process from every other that had or will have its number: a pid alone is used again. */
export type ProcessIdentity = {
  pid: number
  /** When the process started, in clock ticks since the machine did. */
  startTicks: number
  /** Ticks of another boot mean nothing in this one. */
  bootId: string
}

/** The identity of a living process, or undefined where none has this pid. One that ended but was not reaped is dead. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return undefined
  const { state, startTicks } = parseStat(stat)
  if (state === 'Z' || state === 'X') return undefined
  return { pid, startTicks, bootId: await readBootId() }
}

/** Whether exactly this process still runs. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const now = await identifyProcess(identity.pid)
  return now !== undefined && now.startTicks === identity.startTicks && now.bootId === identity.bootId
}

/** Reads /proc/PID/stat. The second field is the program's name in brackets and may itself hold brackets and blanks. */
export function parseStat(stat: string): { state: string; startTicks: number; processGroup: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', processGroup: Number(fields[2]), startTicks: Number(fields[19]) }
}

async function readBootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
}
