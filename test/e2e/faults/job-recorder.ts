import { EventEmitter, once } from 'node:events'
import { makeInformer, type V1Job, type V1Pod } from '@kubernetes/client-node'
import { LABELS, STEP_SELECTOR } from '../../../src/kubernetes/job-identity.ts'
import { connectKubernetes } from '../../../src/kubernetes/kubernetes-client.ts'

const RESTART_MILLISECONDS = 500
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
    pods.on('delete', (pod) => recorder.#noteGone(pod))
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

  /**
   * Returns the Job of the run whose pod runs right now and which is wanted, as soon as there is one.
   *
   * @throws the signal's reason once it is aborted
   */
  async untilRunning(run: string, isWanted: (job: SeenJob) => boolean, signal: AbortSignal): Promise<SeenJob> {
    for (;;) {
      const job = this.jobsOf(run).find((each) => this.#running.has(each.name) && isWanted(each))
      if (job) return job
      await once(this.#events, 'change', { signal }).catch((error: unknown) => {
        signal.throwIfAborted()
        throw error
      })
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
    const job = metadata?.labels?.[JOB_NAME_LABEL] ?? ''
    if (status?.phase === 'Running') this.#running.add(job)
    else this.#running.delete(job)
    this.#events.emit('change')
  }

  #noteGone({ metadata }: V1Pod): void {
    this.#running.delete(metadata?.labels?.[JOB_NAME_LABEL] ?? '')
  }
}
