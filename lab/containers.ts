import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { processesInCgroups, removeCgroups } from './cgroups.ts'
import { LabError } from './lab-error.ts'
import { unmountBelow } from './mounts.ts'
import { addressLeases, containerdSocket, containerdState, networkName } from './parts/containerd.ts'
import { statePath } from './paths.ts'
import { listProcesses } from './process-list.ts'

/** Whether a container of the lab, or the shim beside it, still runs. */
export async function hasContainers(): Promise<boolean> {
  return (await containerProcesses()).length > 0
}

/**
 * Ends every container of the lab and removes what one leaves on the machine: shims, mounts, network namespaces with their
 * devices, leases of addresses, control groups. containerd and kubelet must not run. What containers and images are stored
 * on the disk stays; containerd finds the containers dead when it starts, as after a power cut.
 *
 * @param graceSeconds how long the containers have to end by themselves, after SIGTERM
 */
export async function removeContainerRemains(graceSeconds: number): Promise<void> {
  signal(await processesInCgroups(), 'SIGTERM')
  await endWithin(processesInCgroups, graceSeconds)
  // Shims first: each would report the end of its container to a containerd that does not run.
  signal(await shims(), 'SIGKILL')
  signal(await processesInCgroups(), 'SIGKILL')
  if (!(await endWithin(containerProcesses, 10))) {
    const left = (await containerProcesses()).join(', ')
    throw new LabError(`These processes of the lab's containers do not end, not even by SIGKILL: ${left}.`)
  }
  await removeShimSockets()
  await unmountBelow(statePath())
  await rm(statePath('run'), { recursive: true, force: true })
  await rm(addressLeases, { recursive: true, force: true })
  await removeCachedResults()
  await removeCgroups()
}

async function containerProcesses(): Promise<number[]> {
  return [...(await shims()), ...(await processesInCgroups())]
}

/** The shims of the lab's containerd, told from those of another one by the socket that they report to. */
async function shims(): Promise<number[]> {
  return (await listProcesses())
    .filter(({ command }) => command[0]?.includes('containerd-shim') && command.includes(containerdSocket))
    .map(({ pid }) => pid)
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch {
      // It ended meanwhile.
    }
  }
}

async function endWithin(list: () => Promise<number[]>, seconds: number): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000
  while ((await list()).length > 0) {
    if (Date.now() > deadline) return false
    await delay(50)
  }
  return true
}

/** containerd puts the sockets of all its shims into one folder of the machine, whatever its own folders are. */
async function removeShimSockets(): Promise<void> {
  const tasks = join(containerdState, 'io.containerd.runtime.v2.task', 'k8s.io')
  for (const task of await readdir(tasks).catch(() => [])) {
    const address = await readFile(join(tasks, task, 'address'), 'utf8').catch(() => '')
    const path = address.replace('unix://', '').trim()
    if (path.startsWith('/run/containerd/s/')) await rm(path, { force: true })
  }
}

/** The CNI library keeps its last answers for each pod in one folder of the machine: NETWORK-SANDBOX-DEVICE, two for each. */
async function removeCachedResults(): Promise<void> {
  const folder = '/var/lib/cni/results'
  const names = await readdir(folder).catch(() => [])
  const ours = names.flatMap((name) => (name.startsWith(`${networkName}-`) ? [name.split('-').at(-2) ?? name] : []))
  for (const name of names.filter((other) => ours.some((sandbox) => other.includes(sandbox)))) {
    await rm(join(folder, name), { force: true })
  }
}
