import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import type { Cleanup } from './cleanup.ts'
import { CERTIFICATES, startControlPlane, TOKENS, writeKubeconfig } from './control-plane.ts'
import { type RequestCount, startCountingProxy } from './counting-proxy.ts'
import { JobTimeline } from './job-timeline.ts'
import { startFakedNode } from './kwok.ts'
import { type MeasuredWorker, startMeasuredWorker } from './measured-worker.ts'
import { makeNamespaces } from './namespaces.ts'
import { Processes } from './processes.ts'
import type { Programs } from './programs.ts'
import { startTemporal } from './temporal.ts'

/** Everything of one measurement, made for it alone: a cluster, Temporal, a worker, and what watches them. */
export interface Stage {
  readonly client: Client
  readonly worker: MeasuredWorker
  /** Where the pipelines are to run. */
  readonly namespace: string
  readonly timeline: JobTimeline
  readonly requests: RequestCount
}

/** @param podSeconds for how long the pod of each step runs */
export async function setUpStage(programs: Programs, podSeconds: number, cleanup: Cleanup): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-bench-'))
  cleanup.defer(() => rm(directory, { recursive: true, force: true }))
  const processes = new Processes(directory, cleanup)
  const { url, kubeconfig, kubernetes } = await startControlPlane(programs.kubernetes, directory, processes)
  const node = { program: programs.kwok, kubeconfig, directory, podSeconds }
  await startFakedNode(node, kubernetes, processes)
  const temporal = await startTemporal(programs.temporal, directory, processes)
  const namespaces = await makeNamespaces(kubernetes)
  const timeline = new JobTimeline()
  await timeline.follow(kubernetes, cleanup)
  const certificates = join(directory, CERTIFICATES)
  const proxy = await startCountingProxy({ apiServerUrl: url, certificates, about: namespaces.control }, cleanup)
  const environment = {
    KUBECONFIG: await writeKubeconfig(directory, 'worker', proxy.url, TOKENS.worker),
    TEMPORAL_ADDRESS: temporal.address,
    HOLDFAST_CONTROL_NAMESPACE: namespaces.control,
    HOLDFAST_TOOLS_IMAGE: 'bench/tools',
    HOLDFAST_TERRAFORM_IMAGE: 'bench/terraform',
    HOLDFAST_MYSQL_IMAGE: 'bench/mysql',
  }
  const worker = await startMeasuredWorker(environment, processes)
  return { client: temporal.client, worker, namespace: namespaces.pipelines, timeline, requests: proxy.count }
}
