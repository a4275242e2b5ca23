import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, WorkflowHandle } from '@temporalio/client'
import pLimit from 'p-limit'
import { DEFAULT_TASK_QUEUE } from '../../src/config.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { STEPS } from '../../src/domain/steps.ts'
import { Cleanup } from './cleanup.ts'
import { type ControlPlane, TOKENS, writeKubeconfig } from './control-plane.ts'
import { type RequestCount, startCountingProxy } from './counting-proxy.ts'
import { type Gap, JobTimeline } from './job-timeline.ts'
import { type MeasuredWorker, startMeasuredWorker, type Usage } from './measured-worker.ts'
import { makeNamespaces } from './namespaces.ts'
import { Processes } from './processes.ts'

const SAMPLE_MILLISECONDS = 250
const STARTS_AT_A_TIME = 50
/** What the product's worker is set to. */
const WORKERS_OWN_LIMIT = 500

/** Where pipelines are measured. */
export interface Stage {
  readonly directory: string
  readonly controlPlane: ControlPlane
  readonly client: Client
  /** Of Temporal's server. */
  readonly address: string
}

/** What one worker did while it ran pipelines. */
export interface Measured {
  readonly pipelines: number
  readonly gaps: readonly Gap[]
  readonly jobs: number
  readonly mostJobsAtOnce: number
  /** Jobs that never became complete, or whose completion the pipeline did not see. */
  readonly lost: number
  readonly requests: RequestCount
  readonly idle: Usage
  readonly mostResidentBytes: number
  readonly atEnd: Usage
  readonly seconds: number
  readonly history: { readonly events: number; readonly bytes: number }
}

export interface Waves {
  readonly count: number
  /** How many pipelines a wave has: as many Jobs are followed at a time. */
  readonly atOnce: number
  /** Between two starts. */
  readonly secondsBetween: number
}

/** Runs pipelines in waves, with a worker and namespaces of their own. */
export async function measure(stage: Stage, name: string, waves: Waves): Promise<Measured> {
  const cleanup = new Cleanup()
  try {
    const { client, controlPlane } = stage
    const namespaces = await makeNamespaces(controlPlane.kubernetes, cleanup)
    const timeline = new JobTimeline()
    await timeline.follow(controlPlane.kubernetes, namespaces, cleanup)
    const proxy = await startCountingProxy(controlPlane.url, cleanup)
    const worker = await startWorker(stage, name, proxy.url, namespaces.control, waves.atOnce, cleanup)
    const idle = await worker.usage()
    const samples = sample(worker, timeline, cleanup)
    const start = performance.now()
    const handles: WorkflowHandle[] = []
    let proven = 0
    for (let wave = 1; wave <= waves.count; wave++) {
      const started = await startPipelines(client, namespaces.pipelines, waves)
      handles.push(...started)
      for (const handle of started) proven += (await isProven(handle)) ? 1 : 0
    }
    const seconds = (performance.now() - start) / 1000
    const jobs = timeline.completeJobs
    const lost = (handles.length - proven) * STEPS.length + Math.max(0, proven * STEPS.length - jobs)
    const history = await longestHistory(handles.slice(0, 10))
    const { mostJobsAtOnce, mostResidentBytes } = samples
    const atEnd = await worker.usage()
    const pipelines = handles.length
    const gaps = timeline.gaps()
    const requests = proxy.count
    return { pipelines, gaps, jobs, mostJobsAtOnce, lost, requests, idle, mostResidentBytes, atEnd, seconds, history }
  } finally {
    await cleanup.run()
  }
}

async function startWorker(
  stage: Stage,
  name: string,
  proxyUrl: string,
  controlNamespace: string,
  atOnce: number,
  cleanup: Cleanup,
): Promise<MeasuredWorker> {
  const environment = {
    KUBECONFIG: await writeKubeconfig(stage.directory, name, proxyUrl, TOKENS.worker),
    TEMPORAL_ADDRESS: stage.address,
    HOLDFAST_CONTROL_NAMESPACE: controlNamespace,
    HOLDFAST_TOOLS_IMAGE: 'bench/tools',
    HOLDFAST_TERRAFORM_IMAGE: 'bench/terraform',
    HOLDFAST_MYSQL_IMAGE: 'bench/mysql',
    BENCH_CONCURRENT_ACTIVITIES: String(atOnce),
  }
  const preload = atOnce > WORKERS_OWN_LIMIT ? new URL('wider-worker.ts', import.meta.url).href : undefined
  return await startMeasuredWorker(name, environment, new Processes(stage.directory, cleanup), preload)
}

interface Samples {
  mostJobsAtOnce: number
  mostResidentBytes: number
}

function sample(worker: MeasuredWorker, timeline: JobTimeline, cleanup: Cleanup): Samples {
  const samples: Samples = { mostJobsAtOnce: 0, mostResidentBytes: 0 }
  const timer = setInterval(async () => {
    const { residentBytes } = await worker.usage()
    samples.mostResidentBytes = Math.max(samples.mostResidentBytes, residentBytes)
    samples.mostJobsAtOnce = Math.max(samples.mostJobsAtOnce, timeline.activeJobs)
  }, SAMPLE_MILLISECONDS)
  cleanup.defer(async () => clearInterval(timer))
  return samples
}

async function startPipelines(
  client: Client,
  namespace: string,
  { atOnce, secondsBetween }: Waves,
): Promise<readonly WorkflowHandle[]> {
  const limit = pLimit(STARTS_AT_A_TIME)
  const start = async (index: number) => {
    await sleep(index * secondsBetween * 1000)
    return await client.workflow.start('BackupPipeline', {
      taskQueue: DEFAULT_TASK_QUEUE,
      workflowId: `bench-${randomUUID()}`,
      workflowExecutionTimeout: '30 minutes',
      args: [{ namespace }],
    })
  }
  return await Promise.all(Array.from({ length: atOnce }, (_, index) => limit(start, index)))
}

async function isProven(handle: WorkflowHandle): Promise<boolean> {
  try {
    const result: BackupResult = await handle.result()
    return result.outcome === 'proven'
  } catch (error) {
    console.error(error)
    return false
  }
}

async function longestHistory(handles: readonly WorkflowHandle[]): Promise<Measured['history']> {
  const described = await Promise.all(handles.map((handle) => handle.describe()))
  return {
    events: Math.max(...described.map(({ historyLength }) => historyLength)),
    bytes: Math.max(...described.map(({ historySize }) => historySize ?? 0)),
  }
}
