import type { V1Job } from '@kubernetes/client-node'
import { LABELS, STEP_SELECTOR } from '../../src/kubernetes/job-identity.ts'
import { jobPhase } from '../../src/kubernetes/job-state.ts'
import type { Kubernetes } from '../../src/kubernetes/kubernetes-client.ts'
import type { Cleanup } from './cleanup.ts'

/** When a Job was seen to be there, and when to be complete, in milliseconds of this process' clock. */
interface JobTimes {
  readonly run: string
  readonly purpose: string
  readonly createdAt: number
  completeAt?: number
}

/** Between two steps of one pipeline. */
export interface Gap {
  readonly from: string
  readonly to: string
  readonly milliseconds: number
}

/** The Jobs of the cluster as the benchmark's own watch sees them: Kubernetes' timestamps are of whole seconds. */
export class JobTimeline {
  readonly #jobs = new Map<string, JobTimes>()
  #resourceVersion: string | undefined

  /** Starts to watch. A watch that ends is taken up again where it ended. */
  async follow(kubernetes: Kubernetes, cleanup: Cleanup): Promise<void> {
    let isStopped = false
    let request: AbortController | undefined
    const watch = async (): Promise<void> => {
      const query = { labelSelector: STEP_SELECTOR, allowWatchBookmarks: true, resourceVersion: this.#resourceVersion }
      const note = (type: string, job: V1Job) => this.#note(type, job)
      request = await kubernetes.watch.watch('/apis/batch/v1/jobs', query, note, () => {
        if (!isStopped) watch().catch((error: unknown) => console.error(error))
      })
    }
    await watch()
    cleanup.defer(async () => {
      isStopped = true
      request?.abort()
    })
  }

  /** How many Jobs are there and not complete. */
  get activeJobs(): number {
    return [...this.#jobs.values()].filter(({ completeAt }) => completeAt === undefined).length
  }

  /** How many Jobs of a step have been seen. */
  jobsOf(purpose: string): number {
    return [...this.#jobs.values()].filter((job) => job.purpose === purpose).length
  }

  /** From each completion of a Job to the creation of the next Job of the same run. */
  gaps(): readonly Gap[] {
    const runs = Map.groupBy(this.#jobs.values(), ({ run }) => run)
    return [...runs.values()].flatMap((jobs) => {
      const ordered = jobs.toSorted((a, b) => a.createdAt - b.createdAt)
      return ordered.slice(1).flatMap(({ purpose, createdAt }, index) => {
        const before = ordered[index]
        if (before?.completeAt === undefined) return []
        return [{ from: before.purpose, to: purpose, milliseconds: createdAt - before.completeAt }]
      })
    })
  }

  #note(type: string, job: V1Job): void {
    const now = performance.now()
    this.#resourceVersion = job.metadata?.resourceVersion ?? this.#resourceVersion
    const uid = job.metadata?.uid
    if (uid === undefined || !['ADDED', 'MODIFIED'].includes(type)) return
    const labels = job.metadata?.labels ?? {}
    const known = this.#jobs.get(uid) ?? {
      run: labels[LABELS.run] ?? '',
      purpose: labels[LABELS.purpose] ?? '',
      createdAt: now,
    }
    this.#jobs.set(uid, known)
    if (jobPhase({ job, pods: [] }) === 'complete') known.completeAt ??= now
  }
}
