import { EventEmitter, once } from 'node:events'
import {
  type CoreV1Event,
  type KubernetesListObject,
  type KubernetesObject,
  ListWatch,
  type V1Job,
  type V1Pod,
} from '@kubernetes/client-node'
import { LABELS, STEP_SELECTOR } from '../../../src/kubernetes/job-identity.ts'
import { keepInforming } from '../../../src/kubernetes/keep-informing.ts'
import { connectKubernetes } from '../../../src/kubernetes/kubernetes-client.ts'

const JOB_NAME_LABEL = 'batch.kubernetes.io/job-name'

/** A Job as the API server told of it. */
export interface SeenJob {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly purpose: string
  readonly try: number
}

/** Every Job of the pipelines, and when their pods run: seen by watches of the test's own, in all namespaces. */
export class JobRecorder {
  readonly #events = new EventEmitter()
  readonly #jobs = new Map<string, SeenJob & { readonly run: string }>()
  /** The Job's name by that of its pod, for as long as the pod has not ended. */
  readonly #alive = new Map<string, string>()
  /** Names of pods whose main container has started. */
  readonly #started = new Set<string>()
  #stops: readonly (() => Promise<void>)[] = []

  static start(): JobRecorder {
    const recorder = new JobRecorder()
    const { batch, core } = connectKubernetes()
    const labelSelector = STEP_SELECTOR
    // A pod's phase comes late by up to a second, and of a short one never says that it runs. Its node tells of the start at once.
    const fieldSelector = 'reason=Started'
    const jobs = informer<V1Job>('/apis/batch/v1/jobs', { labelSelector }, (selector) =>
      batch.listJobForAllNamespaces(selector),
    )
    const pods = informer<V1Pod>('/api/v1/pods', { labelSelector }, (selector) =>
      core.listPodForAllNamespaces(selector),
    )
    const starts = informer<CoreV1Event>('/api/v1/events', { fieldSelector }, (selector) =>
      core.listEventForAllNamespaces(selector),
    )
    jobs.on('change', (job) => recorder.#noteJob(job))
    pods.on('add', (pod) => recorder.#notePod(pod))
    pods.on('update', (pod) => recorder.#notePod(pod))
    pods.on('delete', (pod) => recorder.#noteGone(pod))
    starts.on('add', (event) => recorder.#noteStart(event))
    recorder.#stops = [keepInforming(jobs), keepInforming(pods), keepInforming(starts)]
    return recorder
  }

  /** All Jobs that a pipeline's run has ever had. */
  jobsOf(run: string): readonly SeenJob[] {
    return [...this.#jobs.values()].filter((job) => job.run === run)
  }

  /**
   * Returns the Job of the run whose pod runs right now and which is wanted, as soon as there is one.
   *
   * @throws the signal's reason once it is aborted
   */
  async untilRunning(run: string, isWanted: (job: SeenJob) => boolean, signal: AbortSignal): Promise<SeenJob> {
    for (;;) {
      const running = this.#running()
      const job = this.jobsOf(run).find((each) => running.has(each.name) && isWanted(each))
      if (job) return job
      await once(this.#events, 'change', { signal }).catch((error: unknown) => {
        signal.throwIfAborted()
        throw error
      })
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#stops.map(async (stop) => await stop()))
  }

  /** Names of the Jobs whose pods run. */
  #running(): ReadonlySet<string> {
    return new Set([...this.#alive].filter(([pod]) => this.#started.has(pod)).map(([, job]) => job))
  }

  #noteJob({ metadata }: V1Job): void {
    const { name = '', namespace = '', uid = '', labels = {} } = metadata ?? {}
    const seen = {
      name,
      namespace,
      uid,
      purpose: labels[LABELS.purpose] ?? '',
      try: Number(labels[LABELS.try]),
      run: labels[LABELS.run] ?? '',
    }
    this.#jobs.set(uid, seen)
    this.#events.emit('change')
  }

  #notePod(pod: V1Pod): void {
    const { name = '', labels = {} } = pod.metadata ?? {}
    const hasEnded = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
    if (hasEnded) this.#noteGone(pod)
    else this.#alive.set(name, labels[JOB_NAME_LABEL] ?? '')
    this.#events.emit('change')
  }

  #noteGone({ metadata }: V1Pod): void {
    this.#alive.delete(metadata?.name ?? '')
  }

  #noteStart({ involvedObject: { name = '', fieldPath = '' } }: CoreV1Event): void {
    if (!fieldPath.startsWith('spec.containers{')) return
    this.#started.add(name)
    this.#events.emit('change')
  }
}

/** What is listed and watched. */
type Selector = { readonly labelSelector: string } | { readonly fieldSelector: string }

function informer<T extends KubernetesObject>(
  path: string,
  selector: Selector,
  list: (selector: Selector) => Promise<KubernetesListObject<T>>,
): ListWatch<T> {
  const { labelSelector, fieldSelector } = { labelSelector: undefined, fieldSelector: undefined, ...selector }
  const { watch } = connectKubernetes()
  return new ListWatch<T>(path, watch, () => list(selector), false, labelSelector, fieldSelector)
}
