import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { arch } from 'node:os'
import { join } from 'node:path'
import { withFileLock } from '../../lab/file-lock.ts'
import { ensureGo } from '../../lab/go-tool.ts'
import { hashOf, hashOfFolders } from '../../lab/hashes.ts'
import { cacheDirectory, repository } from '../../lab/paths.ts'
import { run } from '../../lab/run.ts'
import type { Kubernetes } from '../../src/kubernetes/kubernetes-client.ts'
import { podStages } from './pod-stages.ts'
import type { Processes } from './processes.ts'

const MODULE = 'bench/kwok'
const NODE = 'faked'

/** Builds kwok, which stands in for kubelets, as its module pins it. Kept in the cache of the lab's programs. @returns its path */
export async function buildKwok(log: (line: string) => void): Promise<string> {
  const folder = join(cacheDirectory(), `go-kwok-${hashOf(await hashOfFolders(repository, [MODULE]), arch())}`)
  await withFileLock(`${folder}.lock`, async () => {
    if (await isThere(folder)) return
    const unfinished = `${folder}.unfinished`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true })
    const go = await ensureGo(log, Promise.resolve())
    const command = ['build', '-trimpath', '-ldflags', '-s -w', '-o', `${unfinished}/`, 'sigs.k8s.io/kwok/cmd/kwok']
    const environment = { CGO_ENABLED: '0', ...go.environment }
    await run([go.program, ...command], { directory: join(repository, MODULE), environment, log })
    await rename(unfinished, folder)
  })
  return join(folder, 'kwok')
}

export interface FakedNode {
  readonly program: string
  readonly kubeconfig: string
  /** For what kwok writes and reads. */
  readonly directory: string
  /** For how long the pod of a step runs. */
  readonly podSeconds: number
}

/** Makes the one node of the cluster and has kwok run its pods. */
export async function startFakedNode(node: FakedNode, kubernetes: Kubernetes, processes: Processes): Promise<void> {
  const stages = join(node.directory, 'kwok.json')
  await writeFile(
    stages,
    podStages(node.podSeconds)
      .map((stage) => JSON.stringify(stage))
      .join('\n---\n'),
  )
  await processes.start('kwok', node.program, [
    `--kubeconfig=${node.kubeconfig}`,
    `--config=${stages}`,
    '--manage-all-nodes=true',
    '--node-lease-duration-seconds=0',
  ])
  await kubernetes.core.createNode({ body: { metadata: { name: NODE } } })
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
