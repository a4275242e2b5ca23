import { lastLogLines } from './log-files.ts'
import { type PidRecord, readPidFile } from './pid-file.ts'
import { isAlive } from './process-identity.ts'

/** The parts of the lab, in the order in which they start. */
export const partNames = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'coredns',
  'volume-provisioner',
  'containerd',
  'kubelet',
  'aws',
  'temporal',
  'temporal-for-pods',
] as const

/** How one part is. */
export type PartStatus = {
  name: string
  state: 'running' | 'died' | 'not started'
  pid?: number
  /** ISO 8601. */
  since?: string
  address?: string
  /** For one that died: the last that it said. */
  lastLine?: string
}

/** How each part of the lab is. */
export async function labStatus(): Promise<PartStatus[]> {
  return Promise.all(partNames.map(async (name) => statusOf(name, await readPidFile(name))))
}

async function statusOf(name: string, record: PidRecord | undefined): Promise<PartStatus> {
  if (!record) return { name, state: 'not started' }
  const { pid, startedAt: since, address } = record
  if (await isAlive(record)) return { name, state: 'running', pid, since, address }
  const [lastLine] = await lastLogLines(name, 1)
  return { name, state: 'died', since, address, lastLine: lastLine ?? 'it wrote nothing; perhaps it was killed' }
}
