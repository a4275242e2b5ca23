import { readdir, readlink, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { removeContainerRemains } from './containers.ts'
import { withFileLock } from './file-lock.ts'
import { isRoot } from './machine.ts'
import { assertNothingMountedBelow, unmountBelow } from './mounts.ts'
import { restoreNetwork } from './network.ts'
import { assertOurs } from './owner.ts'
import { cacheDirectory, files, stateDirectory, statePath } from './paths.ts'
import { stopPart } from './supervise.ts'

/** The parts in the order in which they end; those of one row end at the same time. */
const rows = [
  ['kubelet', 'temporal', 'temporal-for-pods', 'kube-scheduler', 'coredns', 'volume-provisioner', 'aws'],
  ['containerd', 'kube-proxy', 'kube-controller-manager'],
  ['kube-apiserver'],
  ['etcd'],
]

export type DownOptions = {
  /** Also if the lab was started from another clone. */
  force: boolean
}

/**
 * Stops the lab and leaves no process, mount, network device, address or packet rule of it. What it stored stays: the
 * cluster's objects, volumes, images, Temporal's history. (AWS forgets all: it lives in memory.)
 *
 * @throws LabError if the lab belongs to another clone
 */
export async function labDown(options: DownOptions): Promise<void> {
  if (!options.force) await assertOurs('down')
  await withFileLock(files.lock, stopEverything)
}

/** Stops the lab and removes all that it stored. The cache of what was built and downloaded stays. */
export async function labReset(options: DownOptions): Promise<void> {
  if (!options.force) await assertOurs('reset')
  await withFileLock(files.lock, async () => {
    await stopEverything()
    await assertNothingMountedBelow(stateDirectory)
    await rm(stateDirectory, { recursive: true, force: true })
  })
}

async function stopEverything(): Promise<void> {
  for (const row of rows) await Promise.all(row.map((name) => stopPart(name)))
  // Who is not root has Temporal alone, and nothing of what follows.
  if (isRoot()) {
    await removeContainerRemains(10)
    await restoreNetwork()
    // An image build that was interrupted leaves what it was working on mounted, in the cache.
    await unmountBelow(join(cacheDirectory(), 'buildah'))
    await removeSharedFolders()
  }
  await rm(files.lab, { force: true })
}

/** Some folders are made whatever one configures. They are removed where nobody else has put anything there. */
async function removeSharedFolders(): Promise<void> {
  const links = '/var/log/containers'
  for (const name of await readdir(links).catch(() => [])) {
    const target = await readlink(join(links, name)).catch(() => '')
    if (target.startsWith(statePath())) await rm(join(links, name), { force: true })
  }
  await rm('/var/lib/kubelet/device-plugins/kubelet.sock', { force: true })
  const folders = [
    links,
    '/var/lib/kubelet/device-plugins',
    '/var/lib/kubelet',
    '/var/lib/cni/results',
    '/var/lib/cni',
    '/run/containerd/s',
    '/run/containerd',
  ]
  for (const folder of folders) await rmdir(folder).catch(() => {})
}
