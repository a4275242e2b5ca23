import { EventEmitter } from 'node:events'
import { type Informer, makeInformer, type ObjectCache, type V1Job, type V1Pod } from '@kubernetes/client-node'
import { STEP_SELECTOR } from './job-identity.ts'
import type { JobSnapshot } from './job-state.ts'
import { keepInforming } from './keep-informing.ts'
import type { Kubernetes } from './kubernetes-client.ts'

/** The label that the Job controller puts on a Job's pods. */
const JOB_NAME_LABEL = 'batch.kubernetes.io/job-name'

/**
 * How long the API server keeps a watch open. Shorter than the 30 s of silence after which the client breaks a watch off: so
 * the server ends it, and two seconds before it does so it sends a bookmark, from which the next watch of a namespace in
 * which nothing happens goes on. Without, its resource version would grow old until everything had to be listed anew.
 */
const WATCH_SECONDS = 25

/**
 * The Jobs of one namespace and their pods, kept up to date by two watches however many Jobs are followed. It tells of
 * changes; a follower polls slowly beside it, since a silent connection may hang without an error.
 */
export class JobWatch {
  readonly #changes = new EventEmitter()
  readonly #jobs: Informer<V1Job> & ObjectCache<V1Job>
  readonly #pods: Informer<V1Pod> & ObjectCache<V1Pod>
  /** By the name of their Job: a namespace keeps the Jobs of a whole day, and each change asks for one Job's. */
  readonly #podsByJob = new Map<string, Map<string, V1Pod>>()
  readonly #namespace: string
  #stops: readonly (() => Promise<void>)[] = []

  constructor(kubernetes: Kubernetes, namespace: string, watchSeconds = WATCH_SECONDS) {
    this.#namespace = namespace
    this.#changes.setMaxListeners(0)
    const watchQuery = `allowWatchBookmarks=true&timeoutSeconds=${watchSeconds}`
    const selector = { namespace, labelSelector: STEP_SELECTOR }
    this.#jobs = makeInformer<V1Job>(
      kubernetes.config,
      `/apis/batch/v1/namespaces/${namespace}/jobs?${watchQuery}`,
      () => kubernetes.batch.listNamespacedJob(selector),
      STEP_SELECTOR,
    )
    this.#pods = makeInformer<V1Pod>(
      kubernetes.config,
      `/api/v1/namespaces/${namespace}/pods?${watchQuery}`,
      () => kubernetes.core.listNamespacedPod(selector),
      STEP_SELECTOR,
    )
    // Before who is told: what is told of is what is kept.
    this.#jobs.on('change', forgetFieldManagers)
    this.#pods.on('change', forgetFieldManagers)
    this.#jobs.on('change', (job) => this.#tell(job.metadata?.name))
    this.#pods.on('add', (pod) => this.#podsOf(pod).set(pod.metadata?.name ?? '', pod))
    this.#pods.on('update', (pod) => this.#podsOf(pod).set(pod.metadata?.name ?? '', pod))
    this.#pods.on('delete', (pod) => this.#forgetPod(pod))
    this.#pods.on('change', (pod) => this.#tell(jobNameOf(pod)))
  }

  /** Starts both watches; failures to connect are tried again without end. */
  start(): void {
    this.#stops = [keepInforming(this.#jobs), keepInforming(this.#pods)]
  }

  async stop(): Promise<void> {
    await Promise.all(this.#stops.map(async (stop) => await stop()))
  }

  /** What the watches know of a Job; undefined before they have seen it and after it was deleted. */
  snapshot(jobName: string): JobSnapshot | undefined {
    const job = this.#jobs.get(jobName, this.#namespace)
    if (!job) return undefined
    return { job, pods: [...(this.#podsByJob.get(jobName)?.values() ?? [])] }
  }

  /** Calls back after each change of a Job or of one of its pods, until the returned function is called. */
  onChange(jobName: string, listener: () => void): () => void {
    this.#changes.on(jobName, listener)
    return () => this.#changes.off(jobName, listener)
  }

  #podsOf(pod: V1Pod): Map<string, V1Pod> {
    const jobName = jobNameOf(pod) ?? ''
    const pods = this.#podsByJob.get(jobName) ?? new Map<string, V1Pod>()
    this.#podsByJob.set(jobName, pods)
    return pods
  }

  #forgetPod(pod: V1Pod): void {
    const pods = this.#podsOf(pod)
    pods.delete(pod.metadata?.name ?? '')
    if (pods.size === 0) this.#podsByJob.delete(jobNameOf(pod) ?? '')
  }

  #tell(jobName: string | undefined): void {
    if (jobName !== undefined) this.#changes.emit(jobName)
  }
}

/** Who set which field is a good part of an object as the API server sends it, and nobody here asks for it. */
function forgetFieldManagers({ metadata }: V1Job | V1Pod): void {
  delete metadata?.managedFields
}

function jobNameOf(pod: V1Pod): string | undefined {
  return pod.metadata?.labels?.[JOB_NAME_LABEL]
}

/** Hands out one running watch a namespace. */
export class JobWatches {
  readonly #kubernetes: Kubernetes
  readonly #watches = new Map<string, JobWatch>()

  constructor(kubernetes: Kubernetes) {
    this.#kubernetes = kubernetes
  }

  of(namespace: string): JobWatch {
    const known = this.#watches.get(namespace)
    if (known) return known
    const watch = new JobWatch(this.#kubernetes, namespace)
    this.#watches.set(namespace, watch)
    watch.start()
    return watch
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#watches.values()].map((watch) => watch.stop()))
  }
}
