import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { WORKER_MALLOC, WORKER_NODE_FLAGS } from '../../src/worker/process-settings.ts'
import type { Processes } from './processes.ts'

const READY_MILLISECONDS = 60_000
const KIBIBYTE = 1024
const TICKS_PER_SECOND = 100

/** The memory and the processor time of a worker's process, as the kernel counts them. */
export interface Usage {
  readonly residentBytes: number
  readonly mostResidentBytes: number
  readonly processorSeconds: number
}

export interface MeasuredWorker {
  usage(): Promise<Usage>
}

/** Starts the product's own worker and returns when it is ready. */
export async function startMeasuredWorker(
  environment: Readonly<Record<string, string>>,
  processes: Processes,
): Promise<MeasuredWorker> {
  const worker = fileURLToPath(new URL('../../src/worker.ts', import.meta.url))
  const settings = { ...WORKER_MALLOC, ...environment }
  const pid = await processes.start('worker', process.execPath, [...WORKER_NODE_FLAGS, worker], settings)
  const deadline = Date.now() + READY_MILLISECONDS
  while (!(await processes.lastLines('worker')).includes('Worker ready')) {
    if (Date.now() > deadline) throw new Error(`The worker is not ready:\n${await processes.lastLines('worker')}`)
    await sleep(100)
  }
  return { usage: () => readUsage(pid) }
}

async function readUsage(pid: number): Promise<Usage> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kibibytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1])
  // The program's name may hold spaces: the fields are counted from the bracket after it.
  const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return {
    residentBytes: kibibytes('VmRSS') * KIBIBYTE,
    mostResidentBytes: kibibytes('VmHWM') * KIBIBYTE,
    processorSeconds: (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND,
  }
}
