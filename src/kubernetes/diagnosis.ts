import type { V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node'
import { stepFailureSchema } from '../domain/step-answers.ts'
import type { JobFailure } from './job-failure.ts'
import { STEP_CONTAINER } from './job-manifest.ts'
import type { JobSnapshot } from './job-state.ts'

/** What is wrong, before it is said where. */
export type Finding = Pick<JobFailure, 'type' | 'why' | 'remedy' | 'retryable'>

/** Exit code of a process that was killed by SIGKILL. */
const KILLED = 137
/** How the kubelet begins when a pod has used up what its own manifest grants it, not what its node has. */
const OWN_STORAGE_LIMIT = /^(Usage of EmptyDir volume \S+|Pod ephemeral local storage usage|Container \S+) exceed/

/** How a step's program tells programs of its progress and of its failure. */
const FOR_PROGRAMS = /^\{"(progress|failure)":/

/** Why a Job that has failed did so. Of its log only what is not said already, and is for a person, is passed on. */
export function diagnoseFailedJob(snapshot: JobSnapshot, logTail: readonly string[]): JobFailure {
  const pod = newestPod(snapshot.pods)
  const finding =
    evicted(pod) ??
    deadlineExceeded(snapshot.job) ??
    disrupted(snapshot.job) ??
    containerEnded(pod) ??
    noReason(snapshot.job)
  const telling = logTail.filter((line) => !FOR_PROGRAMS.test(line) && !line.includes(finding.why))
  return { ...finding, ...place(snapshot.job, pod), logTail: telling }
}

export function newestPod(pods: readonly V1Pod[]): V1Pod | undefined {
  return pods.toSorted((a, b) => createdAt(b) - createdAt(a))[0]
}

/** The text that the step's container left as its termination message. */
export function terminationMessage(pod: V1Pod | undefined): string | undefined {
  return stepStatus(pod)?.state?.terminated?.message
}

function createdAt(pod: V1Pod): number {
  return new Date(pod.metadata?.creationTimestamp ?? 0).getTime()
}

/** Where something went wrong. */
export function place(job: V1Job, pod: V1Pod | undefined): Pick<JobFailure, 'namespace' | 'jobName' | 'podName'> {
  const where = { namespace: job.metadata?.namespace ?? '', jobName: job.metadata?.name ?? '' }
  return pod?.metadata?.name === undefined ? where : { ...where, podName: pod.metadata.name }
}

function stepStatus(pod: V1Pod | undefined): V1ContainerStatus | undefined {
  return pod?.status?.containerStatuses?.find(({ name }) => name === STEP_CONTAINER)
}

/** The init container that failed: those after it, and the step's own, were never started. */
function failedInitStatus(pod: V1Pod | undefined): V1ContainerStatus | undefined {
  return pod?.status?.initContainerStatuses?.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0)
}

/** The container whose log tells how far a pod is, or what went wrong in it: an init container that runs or failed, or the step's own. */
export function tellingContainer(pod: V1Pod | undefined): string {
  const running = pod?.status?.initContainerStatuses?.find(({ state }) => state?.running)
  return (running ?? failedInitStatus(pod))?.name ?? STEP_CONTAINER
}

function evicted(pod: V1Pod | undefined): Finding | undefined {
  const disruption = pod?.status?.conditions?.find(
    ({ type, status }) => type === 'DisruptionTarget' && status === 'True',
  )
  if (pod?.status?.reason !== 'Evicted' && !disruption) return undefined
  const message = (disruption?.message ?? pod?.status?.message ?? 'no reason was given').trim()
  const why = `the pod was taken from its node: ${message}`
  if (!OWN_STORAGE_LIMIT.test(message)) return { type: 'Evicted', why, retryable: true }
  const remedy = 'Raise the sizeLimit of that volume, or limits.ephemeral-storage, in the manifest.'
  return { type: 'OutOfStorage', why, remedy, retryable: false }
}

function failedCondition(job: V1Job) {
  return job.status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True')
}

/** A pod that was disrupted and is gone: only the Job's failure policy still tells of it. */
function disrupted(job: V1Job): Finding | undefined {
  const failed = failedCondition(job)
  if (failed?.reason !== 'PodFailurePolicy' || !failed.message?.includes('DisruptionTarget')) return undefined
  return { type: 'Evicted', why: `the pod was taken from its node: ${failed.message}`, retryable: true }
}

function deadlineExceeded(job: V1Job): Finding | undefined {
  const failed = failedCondition(job)
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
  const status = failedInitStatus(pod) ?? stepStatus(pod)
  const terminated = status?.state?.terminated
  if (!terminated) return undefined
  if (terminated.reason === 'OOMKilled') {
    const containers = [...(pod?.spec?.initContainers ?? []), ...(pod?.spec?.containers ?? [])]
    const limit = containers.find(({ name }) => name === status?.name)?.resources?.limits?.memory
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
    return stepFailureSchema().safeParse(JSON.parse(message)).data?.failure
  } catch {
    return undefined
  }
}

function noReason(job: V1Job): Finding {
  const failed = failedCondition(job)
  const why = failed?.message ?? 'the Job failed and no pod is left to say why'
  return { type: 'ExitCode', why: `${failed?.reason ?? 'Failed'}: ${why}`, retryable: true }
}
