import { readdir, readFile } from 'node:fs/promises'
import { parseStat } from './process-identity.ts'

export type RunningProcess = {
  pid: number
  processGroup: number
  /** Program and arguments. Empty for the kernel's own threads. */
  command: string[]
}

/** Every process that runs now, without those that ended and were not reaped. */
export async function listProcesses(): Promise<RunningProcess[]> {
  const names = await readdir('/proc')
  const found = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map((name) => readProcess(Number(name))))
  return found.filter((process) => process !== undefined)
}

/** The processes of one process group. */
export async function processesOfGroup(processGroup: number): Promise<RunningProcess[]> {
  return (await listProcesses()).filter((process) => process.processGroup === processGroup)
}

async function readProcess(pid: number): Promise<RunningProcess | undefined> {
  try {
    const [stat, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ])
    const { state, processGroup } = parseStat(stat)
    if (state === 'Z' || state === 'X') return undefined
    return { pid, processGroup, command: command.split('\0').slice(0, -1) }
  } catch {
    return undefined
  }
}
