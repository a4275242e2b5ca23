import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildGoModule } from '../../lab/go-build.ts'
import type { Kubernetes } from '../../src/kubernetes/kubernetes-client.ts'
import { podStages } from './pod-stages.ts'
import type { Processes } from './processes.ts'

const NODE = 'faked'

/** Builds kwok, which stands in for kubelets, as its module pins it. Kept in the cache of the lab's programs. @returns its path */
export async function buildKwok(log: (line: string) => void): Promise<string> {
  const programs = { 'sigs.k8s.io/kwok/cmd/kwok': 'kwok' }
  const built = await buildGoModule({ folder: 'bench/kwok', programs, linkerFlags: '' }, log)
  return built.path('kwok')
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
