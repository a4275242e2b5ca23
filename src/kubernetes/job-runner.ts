import { setTimeout as sleep } from 'node:timers/promises'
import type { V1Job, V1Pod } from '@kubernetes/client-node'
import type { z } from 'zod'
import type { FollowedJob, JobPhase } from '../domain/followed-job.ts'
import type { StepResult } from '../domain/steps.ts'
import { newestPod, tellingContainer, terminationMessage } from './diagnosis.ts'
import { readAnswer } from './job-answer.ts'
import { JobApi } from './job-api.ts'
import { type CameToNothing, explain } from './job-explanation.ts'
import { JobFailedError, type JobFailure } from './job-failure.ts'
import { followJob, type JobEnd } from './job-follower.ts'
import { type JobIdentity, jobName, LABELS, tryNumberOf } from './job-identity.ts'
import { type JobSettings, loadJobManifest, renderJob } from './job-manifest.ts'
import { followProgress } from './job-progress.ts'
import { type JobSnapshot, jobPhase } from './job-state.ts'
import { type JobWatch, JobWatches } from './job-watch.ts'
import type { Kubernetes } from './kubernetes-client.ts'
import type { Patience } from './obstacle.ts'

/** One Job to be run: which, with which settings, and what it answers. */
export interface JobOrder<Answer> {
  readonly identity: JobIdentity
  /** The name of its file in manifests/jobs/, without `.yaml`. */
  readonly manifest: string
  readonly settings: JobSettings
  readonly answer: z.ZodType<Answer>
  /** How many Jobs the step may have in all. */
  readonly maximumTries: number
  /** In place of the runner's own. */
  readonly patience?: Patience
}

export interface RunOptions {
  /** Aborts following. The Job goes on: `deleteJob` is the caller's to call. */
  readonly signal: AbortSignal
  /** Called at each change of the Job and of its progress, and at least every five minutes. */
  readonly onLook: (job: FollowedJob) => void
  /** What an attempt before this one saw last. A Job that has gone since then is not made again under its name. */
  readonly followedBefore?: FollowedJob
}

/** What a runner of Jobs may be given in place of the product's own. */
export interface JobRunnerOptions {
  readonly patience?: Patience
  /** Where manifests come from. */
  readonly loadManifest?: (name: string) => Promise<V1Job>
}

/** The try that counts, and its Job where it was made just now. */
interface Submitted {
  readonly tryNumber: number
  readonly created?: V1Job
}

/** What activities ask of whatever runs Jobs. */
export type Jobs = Pick<JobRunner, 'run' | 'deleteJob' | 'stopJobs' | 'deleteEndedJobsUsing'>

const PATIENCE: Patience = { scheduling: 300_000, starting: 60_000 }
/**
 * What keeps a pod from starting shows in no change of the Job: it is looked for often. A watch that has gone silent begins anew
 * by itself after 30 s (the client's own limit): the poll beside it is for what neither would notice.
 */
const POLL_MILLISECONDS = { pending: 10_000, running: 300_000 }
/** A short Job is followed closely, and one that runs for hours costs a request every two minutes. */
const PROGRESS = { firstMilliseconds: 2000, longestMilliseconds: 120_000 }
const GONE_POLL_MILLISECONDS = 250

/** Runs Jobs: submits each once, finds it again after a restart, follows it, and reads its answer or why there is none. */
export class JobRunner {
  readonly #kubernetes: Kubernetes
  readonly #watches: JobWatches
  readonly #patience: Patience
  readonly #loadManifest: (name: string) => Promise<V1Job>

  constructor(kubernetes: Kubernetes, { patience = PATIENCE, loadManifest = loadJobManifest }: JobRunnerOptions = {}) {
    this.#kubernetes = kubernetes
    this.#watches = new JobWatches(kubernetes)
    this.#patience = patience
    this.#loadManifest = loadManifest
  }

  /**
   * Runs a step's Job to its end. Called again with the same identity it finds the Job that is there: one that runs is
   * followed, one that is complete is read, and only one that failed in a way that may pass, or whose answer is lost, is
   * followed by another.
   *
   * @throws {JobFailedError} the Job came to nothing
   * @throws the signal's reason once it is aborted
   */
  async run<Answer>(order: JobOrder<Answer>, options: RunOptions): Promise<StepResult<Answer>> {
    const api = new JobApi(this.#kubernetes, order.settings.namespace)
    const watch = this.#watches.of(order.settings.namespace)
    const { tryNumber, created } = await this.#submit(order, api, options.followedBefore)
    const name = jobName(order.identity, tryNumber)
    const job: FollowedJob = { jobName: name, namespace: order.settings.namespace, phase: 'pending' }
    const end = await this.#follow(job, created, watch, options, order.patience ?? this.#patience)
    if (end.kind === 'complete') {
      // Read anew if need be: the watch of Jobs may be ahead of the watch of pods, and the answer is the pod's.
      const pod = answeredPod(end.snapshot) ?? newestPod((await api.readJob(name))?.pods ?? end.snapshot.pods)
      if (pod)
        return {
          jobName: name,
          attempts: tryNumber,
          answer: readAnswer(order.answer, order.settings.namespace, name, pod),
        }
    }
    const failed: CameToNothing = end.kind === 'complete' ? { kind: 'answerLost' } : end
    throw new JobFailedError(await this.#explain(order, api, name, tryNumber, failed))
  }

  /** Follows a Job to its end, and its progress beside it. */
  async #follow(
    job: FollowedJob,
    created: V1Job | undefined,
    watch: JobWatch,
    { signal, onLook }: RunOptions,
    patience: Patience,
  ): Promise<JobEnd> {
    const api = new JobApi(this.#kubernetes, job.namespace)
    let seen = job
    const tell = (change: Partial<FollowedJob>): void => {
      seen = { ...seen, ...change }
      onLook(seen)
    }
    const ended = new AbortController()
    let container = tellingContainer(undefined)
    const reading = followProgress(
      async () =>
        seen.phase === 'running' && seen.podName !== undefined ? await api.readLogTail(seen.podName, container) : [],
      {
        signal: AbortSignal.any([signal, ended.signal]),
        ...PROGRESS,
        onProgress: tell,
      },
    )
    // Not waited for: a log that cannot be read must not hold up a Job that has ended.
    reading.catch(() => undefined)
    try {
      return await followJob(job.jobName, watch, api, {
        signal,
        patience,
        pollMilliseconds: POLL_MILLISECONDS,
        ...(created && { created }),
        onLook: (phase, snapshot) => {
          container = tellingContainer(newestPod(snapshot.pods))
          tell({ phase, ...whereItRuns(snapshot) })
        },
      })
    } finally {
      ended.abort()
    }
  }

  /** Deletes a Job with its pods and returns when both are gone. */
  async deleteJob(namespace: string, name: string, signal?: AbortSignal): Promise<void> {
    const api = new JobApi(this.#kubernetes, namespace)
    await api.deleteJob(name)
    while (await api.readJob(name)) await sleep(GONE_POLL_MILLISECONDS, undefined, { signal })
  }

  /** Deletes the Jobs of a pipeline's run that have not ended, and returns their names. */
  async stopJobs(namespace: string, runId: string): Promise<readonly string[]> {
    const api = new JobApi(this.#kubernetes, namespace)
    const jobs = await api.listJobs(`${LABELS.run}=${runId}`)
    const active = jobs.filter((job) => ['pending', 'running'].includes(jobPhase({ job, pods: [] })))
    const names = active.flatMap((job) => job.metadata?.name ?? [])
    await Promise.all(names.map((name) => this.deleteJob(namespace, name)))
    return names
  }

  /**
   * Deletes the Jobs of a pipeline's run that mount a claim and have ended in one of these ways: Kubernetes keeps a claim for as
   * long as a pod names it, also one that has ended. A Job that failed and stays keeps its log, and its claim until its time is
   * over.
   */
  async deleteEndedJobsUsing(
    namespace: string,
    runId: string,
    claimName: string,
    phases: readonly JobPhase[],
  ): Promise<void> {
    const api = new JobApi(this.#kubernetes, namespace)
    const jobs = await api.listJobs(`${LABELS.run}=${runId}`)
    const using = jobs.filter((job) =>
      job.spec?.template.spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === claimName),
    )
    const ended = using.filter((job) => phases.includes(jobPhase({ job, pods: [] })))
    await Promise.all(ended.map((job) => this.deleteJob(namespace, job.metadata?.name ?? '')))
  }

  /** Ends the watches. */
  async stop(): Promise<void> {
    await this.#watches.stop()
  }

  /** Finds the try that counts: the newest Job, or a new one where there is none or the newest may be tried again. */
  async #submit<Answer>(order: JobOrder<Answer>, api: JobApi, before: FollowedJob | undefined): Promise<Submitted> {
    const manifest = await this.#loadManifest(order.manifest)
    for (let tryNumber = await firstTry(order, api, before); ; tryNumber++) {
      const job = renderJob(manifest, order.identity, tryNumber, order.settings)
      const created = await api.createJob(job)
      if (created) return { tryNumber, created }
      const name = jobName(order.identity, tryNumber)
      const existing = await api.readJob(name)
      // Deleted in between: following it will find that out and say so.
      if (!existing) return { tryNumber }
      assertOurs(existing, order, name)
      const failed = failureToPass(existing)
      if (!failed) return { tryNumber }
      const failure = await this.#explain(order, api, name, tryNumber, failed)
      if (!failure.retryable) throw new JobFailedError(failure)
    }
  }

  async #explain<Answer>(
    order: JobOrder<Answer>,
    api: JobApi,
    name: string,
    tryNumber: number,
    end: CameToNothing,
  ): Promise<JobFailure> {
    const failure = await explain(api, order.settings.namespace, name, end)
    // A Job that could not start would otherwise wait for its deadline, and start when nobody follows it any more.
    if (end.kind === 'obstacle') await api.deleteJob(name)
    const isLast = tryNumber >= order.maximumTries
    if (!failure.retryable || !isLast) return failure
    return { ...failure, why: `${failure.why} (try ${tryNumber} of ${order.maximumTries})`, retryable: false }
  }
}

/** The first try that counts: that of the Job that was followed last, or the next where it is gone. */
async function firstTry<Answer>(
  order: JobOrder<Answer>,
  api: JobApi,
  before: FollowedJob | undefined,
): Promise<number> {
  const number = before && tryNumberOf(before.jobName)
  if (!before || number === undefined || jobName(order.identity, number) !== before.jobName) return 1
  return (await api.readJob(before.jobName)) ? number : number + 1
}

/** Why a Job that is there already has to be followed by another; undefined where it is the one that counts. */
function failureToPass(existing: JobSnapshot): CameToNothing | undefined {
  const phase = jobPhase(existing)
  if (phase === 'failed') return { kind: 'failed', snapshot: existing }
  return phase === 'complete' && existing.pods.length === 0 ? { kind: 'answerLost' } : undefined
}

/** The pod that has left an answer, where the watch has seen it. */
function answeredPod({ pods }: JobSnapshot): V1Pod | undefined {
  const pod = newestPod(pods)
  return terminationMessage(pod) === undefined ? undefined : pod
}

function whereItRuns({ job, pods }: JobSnapshot): Pick<FollowedJob, 'uid' | 'podName'> {
  const uid = job.metadata?.uid
  const podName = newestPod(pods)?.metadata?.name
  return { ...(uid !== undefined && { uid }), ...(podName !== undefined && { podName }) }
}

function assertOurs<Answer>(existing: JobSnapshot, order: JobOrder<Answer>, name: string): void {
  const labels = existing.job.metadata?.labels ?? {}
  if (labels[LABELS.run] === order.identity.runId && labels[LABELS.purpose] === order.identity.purpose) return
  const owner = labels[LABELS.managedBy] ?? 'nobody (no label app.kubernetes.io/managed-by)'
  throw new JobFailedError({
    type: 'JobNotOurs',
    namespace: order.settings.namespace,
    jobName: name,
    why: `a Job of this name is there already and belongs to ${owner}`,
    remedy: 'Delete or rename it, then start the pipeline again.',
    retryable: false,
    logTail: [],
  })
}
