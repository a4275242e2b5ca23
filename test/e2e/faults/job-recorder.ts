import { EventEmitter, once } from 'node:events'
import { makeInformer, type V1Job, type V1Pod } from '@kubernetes/client-node'
import { LABELS, STEP_SELECTOR } from '../../../src/kubernetes/job-identity.ts'
import { connectKubernetes } from '../../../src/kubernetes/kubernetes-client.ts'

const RESTART_MILLISECONDS = 500

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
  readonly #running = new Set<string>()
  readonly #informers: { stop(): Promise<void> }[] = []
  #stopped = false

  static async start(): Promise<JobRecorder> {
    const recorder = new JobRecorder()
    const { config, batch, core } = connectKubernetes()
    const selector = { labelSelector: STEP_SELECTOR }
    const jobs = makeInformer<V1Job>(
      config,
      '/apis/batch/v1/jobs',
      () => batch.listJobForAllNamespaces(selector),
      STEP_SELECTOR,
    )
    const pods = makeInformer<V1Pod>(
      config,
      '/api/v1/pods',
      () => core.listPodForAllNamespaces(selector),
      STEP_SELECTOR,
    )
    jobs.on('change', (job) => recorder.#noteJob(job))
    pods.on('change', (pod) => recorder.#notePod(pod))
    for (const informer of [jobs, pods]) {
      informer.on('error', () => {
        // The API server may be what was struck.
        setTimeout(() => recorder.#stopped || informer.start().catch(() => undefined), RESTART_MILLISECONDS).unref()
      })
      await informer.start()
      recorder.#informers.push(informer)
    }
    return recorder
  }

  /** All Jobs that a pipeline's run has ever had. */
  jobsOf(run: string): readonly SeenJob[] {
    return [...this.#jobs.values()].filter((job) => job.run === run)
  }

  /** Returns when a pod of this step's Job runs: the first one, or one of a later Job than those of `before`. */
  async untilRunning(run: string, purpose: string, before: readonly SeenJob[] = []): Promise<SeenJob> {
    for (;;) {
      const known = new Set(before.map(({ uid }) => uid))
      const job = this.jobsOf(run).find(
        (each) => each.purpose === purpose && this.#running.has(each.name) && !known.has(each.uid),
      )
      if (job) return job
      await once(this.#events, 'change')
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#informers.map((informer) => informer.stop()))
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

  #notePod({ metadata, status }: V1Pod): void {
    const job = metadata?.labels?.['batch.kubernetes.io/job-name']
    if (job === undefined || status?.phase !== 'Running') return
    this.#running.add(job)
    this.#events.emit('change')
  }
}
