import type { CoreV1Event, V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node'
import { stepFailureSchema } from '../domain/step-answers.ts'
import type { JobFailure } from './job-failure.ts'
import { STEP_CONTAINER } from './job-manifest.ts'
import type { JobSnapshot } from './job-state.ts'

type Finding = Pick<JobFailure, 'type' | 'why' | 'remedy' | 'retryable'>

/** For how long a pod that cannot start is given the chance to heal by itself, in milliseconds. */
export interface Patience {
  /** No node has room, or a volume is not bound: a node may be added. */
  readonly scheduling: number
  /** The image cannot be pulled, a Secret or ConfigMap is missing, no pod could be made: it may come yet. */
  readonly starting: number
}

/** Exit code of a process that was killed by SIGKILL. */
const KILLED = 137

/** Why a Job that has failed did so. */
export function diagnoseFailedJob(snapshot: JobSnapshot, logTail: readonly string[]): JobFailure {
  const pod = newestPod(snapshot.pods)
  const finding = evicted(pod) ?? deadlineExceeded(snapshot.job) ?? containerEnded(pod) ?? noReason(snapshot.job)
  return { ...finding, ...place(snapshot.job, pod), logTail }
}

/**
 * What keeps a Job's pod from starting, once it has done so for longer than patience allows; undefined while there is
 * hope. The Job itself would wait for its deadline.
 *
 * @param now in milliseconds since 1970
 * @param events of the Job, for a Job that has no pod
 */
export function findObstacle(
  snapshot: JobSnapshot,
  events: readonly CoreV1Event[],
  patience: Patience,
  now: number,
): JobFailure | undefined {
  const pod = newestPod(snapshot.pods)
  const waited = age(pod ?? snapshot.job, now)
  const finding = pod
    ? (imageInvalid(pod) ?? unschedulable(pod, waited, patience) ?? notStarting(pod, waited, patience))
    : notCreated(events, waited, patience)
  return finding && { ...finding, ...place(snapshot.job, pod), logTail: [] }
}

/** Whether a Job without a pod is old enough for its events to be worth a look. */
export function needsEvents({ job, pods }: JobSnapshot, patience: Patience, now: number): boolean {
  return pods.length === 0 && age(job, now) >= patience.starting
}

export function newestPod(pods: readonly V1Pod[]): V1Pod | undefined {
  return pods.toSorted((a, b) => createdAt(b) - createdAt(a))[0]
}

/** The text that the step's container left as its termination message. */
export function terminationMessage(pod: V1Pod | undefined): string | undefined {
  return stepStatus(pod)?.state?.terminated?.message
}

function age(object: V1Job | V1Pod, now: number): number {
  const since = object.metadata?.creationTimestamp
  return since === undefined ? 0 : now - new Date(since).getTime()
}

function createdAt(pod: V1Pod): number {
  return new Date(pod.metadata?.creationTimestamp ?? 0).getTime()
}

function place(job: V1Job, pod: V1Pod | undefined): Pick<JobFailure, 'namespace' | 'jobName' | 'podName'> {
  const where = { namespace: job.metadata?.namespace ?? '', jobName: job.metadata?.name ?? '' }
  return pod?.metadata?.name === undefined ? where : { ...where, podName: pod.metadata.name }
}

function stepStatus(pod: V1Pod | undefined): V1ContainerStatus | undefined {
  return pod?.status?.containerStatuses?.find(({ name }) => name === STEP_CONTAINER)
}

function evicted(pod: V1Pod | undefined): Finding | undefined {
  const disruption = pod?.status?.conditions?.find(
    ({ type, status }) => type === 'DisruptionTarget' && status === 'True',
  )
  if (pod?.status?.reason !== 'Evicted' && !disruption) return undefined
  const why = disruption?.message ?? pod?.status?.message ?? 'no reason was given'
  return { type: 'Evicted', why: `the pod was taken from its node: ${why}`, retryable: true }
}

function deadlineExceeded(job: V1Job): Finding | undefined {
  const failed = job.status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True')
  if (failed?.reason !== 'DeadlineExceeded') return undefined
  const seconds = job.spec?.activeDeadlineSeconds
  return {
    type: 'DeadlineExceeded',
    why: `it was not done within its ${seconds} seconds (activeDeadlineSeconds)`,
    remedy: 'Is the database or the network slower than usual? Raise activeDeadlineSeconds in the manifest if not.',
    retryable: true,
  }
}

function containerEnded(pod: V1Pod | undefined): Finding | undefined {
  const terminated = stepStatus(pod)?.state?.terminated
  if (!terminated) return undefined
  if (terminated.reason === 'OOMKilled') {
    const limit = pod?.spec?.containers.find(({ name }) => name === STEP_CONTAINER)?.resources?.limits?.memory
    return {
      type: 'OutOfMemory',
      why: `it needed more memory than its limit of ${limit ?? 'the node'} (OOMKilled)`,
      remedy: 'Raise resources.limits.memory in the manifest, or ask for fewer threads.',
      retryable: false,
    }
  }
  const said = stepFailure(terminated.message)
  if (said) return { type: said.type, why: said.message, retryable: said.retryable }
  const killed = terminated.exitCode === KILLED ? ' (killed from outside by SIGKILL)' : ''
  return {
    type: 'ExitCode',
    why: `its container ended with exit code ${terminated.exitCode}${killed}`,
    retryable: true,
  }
}

/** What the program itself said of its failure, where it got to say it. */
function stepFailure(message: string | undefined): { type: string; message: string; retryable: boolean } | undefined {
  if (message === undefined) return undefined
  try {
    return stepFailureSchema.safeParse(JSON.parse(message)).data?.failure
  } catch {
    return undefined
  }
}

function noReason(job: V1Job): Finding {
  const failed = job.status?.conditions?.find(({ type }) => type === 'Failed')
  const why = failed?.message ?? 'the Job failed and no pod is left to say why'
  return { type: 'ExitCode', why: `${failed?.reason ?? 'Failed'}: ${why}`, retryable: true }
}

function imageInvalid(pod: V1Pod): Finding | undefined {
  const waiting = waitingContainer(pod)
  const reason = waiting?.state?.waiting?.reason
  if (reason !== 'InvalidImageName' && reason !== 'ErrImageNeverPull') return undefined
  return imageNotAvailable(waiting)
}

function unschedulable(pod: V1Pod, waited: number, patience: Patience): Finding | undefined {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status !== 'False' || waited < patience.scheduling) return undefined
  return {
    type: 'Unschedulable',
    why: `no node would take its pod for ${Math.round(waited / 1000)} s: ${scheduled.message ?? scheduled.reason}`,
    remedy: 'Make room in the cluster, or lower resources.requests in the manifest.',
    retryable: true,
  }
}

function notStarting(pod: V1Pod, waited: number, patience: Patience): Finding | undefined {
  const waiting = waitingContainer(pod)
  const state = waiting?.state?.waiting
  if (!state?.reason || waited < patience.starting) return undefined
  if (state.reason === 'ErrImagePull' || state.reason === 'ImagePullBackOff') return imageNotAvailable(waiting)
  if (!state.reason.startsWith('Create')) return undefined
  return {
    type: 'ConfigurationMissing',
    why: `its container could not be made (${state.reason}): ${state.message ?? 'no message'}`,
    remedy: 'Is the Secret or ConfigMap there that it names, with that key?',
    retryable: false,
  }
}

function waitingContainer(pod: V1Pod): V1ContainerStatus | undefined {
  const all = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
  return all.find((status) => status.state?.waiting !== undefined)
}

function imageNotAvailable(status: V1ContainerStatus | undefined): Finding {
  const state = status?.state?.waiting
  return {
    type: 'ImageNotAvailable',
    why: `the image ${status?.image} is not to be had (${state?.reason}): ${state?.message ?? 'no message'}`,
    remedy: 'Is its name right, is it pushed, and may the node pull it?',
    retryable: false,
  }
}

/** A Job whose pod the API server refuses says so only in an event: quota, Pod Security, a webhook. */
function notCreated(events: readonly CoreV1Event[], waited: number, patience: Patience): Finding | undefined {
  const refused = events.findLast(({ reason }) => reason === 'FailedCreate')
  if (!refused || waited < patience.starting) return undefined
  return {
    type: 'PodNotAdmitted',
    why: `its pod was not admitted: ${refused.message}`,
    remedy: "Look at the namespace's Pod Security level, its quota, and the cluster's admission webhooks.",
    retryable: false,
  }
}
