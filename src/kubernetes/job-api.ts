import type { CoreV1Event, V1Job } from '@kubernetes/client-node'
import { isAlreadyExists, isNotFound, refusalOf } from './api-errors.ts'
import { JobFailedError } from './job-failure.ts'
import type { JobReader } from './job-follower.ts'
import type { JobSnapshot } from './job-state.ts'
import type { Kubernetes } from './kubernetes-client.ts'
import type { EventSource } from './obstacle.ts'

const LOG_TAIL_LINES = 20
const LOG_TAIL_BYTES = 16_384

/** The Jobs of one namespace at the API server: each call is one request or two. */
export class JobApi implements JobReader {
  readonly #kubernetes: Kubernetes
  readonly #namespace: string

  constructor(kubernetes: Kubernetes, namespace: string) {
    this.#kubernetes = kubernetes
    this.#namespace = namespace
  }

  /**
   * Creates a Job and returns it as it is then; undefined where one of its name is there already.
   *
   * @throws {JobFailedError} `PermissionDenied` or `RequestRefused` where the API server will not have it: RBAC, quota, a
   * manifest that is wrong
   */
  async createJob(job: V1Job): Promise<V1Job | undefined> {
    try {
      return await this.#kubernetes.batch.createNamespacedJob({ namespace: this.#namespace, body: job })
    } catch (error) {
      if (isAlreadyExists(error)) return undefined
      const refusal = refusalOf(error)
      if (!refusal) throw error
      throw new JobFailedError({
        ...refusal,
        namespace: this.#namespace,
        jobName: job.metadata?.name ?? '',
        why: `the API server refused to create it: ${refusal.why}`,
        logTail: [],
      })
    }
  }

  async readJob(jobName: string): Promise<JobSnapshot | undefined> {
    try {
      const job = await this.#kubernetes.batch.readNamespacedJob({ namespace: this.#namespace, name: jobName })
      return { job, pods: await this.#readPods(jobName) }
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  async readEvents({ kind, name }: EventSource): Promise<readonly CoreV1Event[]> {
    const fieldSelector = `involvedObject.kind=${kind},involvedObject.name=${name}`
    const events = await this.#kubernetes.core.listNamespacedEvent({ namespace: this.#namespace, fieldSelector })
    return events.items
  }

  /** The last lines of a container's log, as far as there are any: a pod that never started or is gone has none. */
  async readLogTail(podName: string, container: string): Promise<readonly string[]> {
    try {
      const log = await this.#kubernetes.core.readNamespacedPodLog({
        namespace: this.#namespace,
        name: podName,
        container,
        tailLines: LOG_TAIL_LINES,
        limitBytes: LOG_TAIL_BYTES,
      })
      return log.split('\n').filter((line) => line !== '')
    } catch {
      // A log is a help in telling why something failed: it must not become the failure.
      return []
    }
  }

  /** Deletes a Job with its pods; returns once the API server has agreed, and also where there was none. */
  async deleteJob(jobName: string): Promise<void> {
    try {
      await this.#kubernetes.batch.deleteNamespacedJob({
        namespace: this.#namespace,
        name: jobName,
        propagationPolicy: 'Foreground',
      })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }

  /** The Jobs that a label selector finds. */
  async listJobs(labelSelector: string): Promise<readonly V1Job[]> {
    const jobs = await this.#kubernetes.batch.listNamespacedJob({ namespace: this.#namespace, labelSelector })
    return jobs.items
  }

  async #readPods(jobName: string): Promise<JobSnapshot['pods']> {
    const labelSelector = `batch.kubernetes.io/job-name=${jobName}`
    const pods = await this.#kubernetes.core.listNamespacedPod({ namespace: this.#namespace, labelSelector })
    return pods.items
  }
}
