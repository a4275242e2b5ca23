import type { CoreV1Event, V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node'
import { type Finding, newestPod, place } from './diagnosis.ts'
import type { JobFailure } from './job-failure.ts'
import type { JobSnapshot } from './job-state.ts'

/** For how long a pod that cannot start is given the chance to heal by itself, in milliseconds. */
export interface Patience {
  /** No node has room, or a volume is not bound or mounted: a node may be added. */
  readonly scheduling: number
  /** The image cannot be pulled, a Secret or ConfigMap is missing, no pod could be made: it may come yet. */
  readonly starting: number
}

/** An object whose events tell what its status does not. */
export interface EventSource {
  readonly kind: 'Job' | 'Pod' | 'PersistentVolumeClaim'
  readonly name: string
}

const NODE_REMEDY = 'Look at the node, its kubelet and its volumes.'
const CONFIGURATION_REMEDY = 'Is the Secret or ConfigMap there that it names, with that key?'

/**
 * What keeps a Job's pod from starting, once it has done so for longer than patience allows; undefined while there is
 * hope. The Job itself would wait for its deadline.
 *
 * @param now in milliseconds since 1970
 * @param events of what `eventSources` names
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
    ? (imageInvalid(pod) ??
      unschedulable(pod, events, waited, patience) ??
      notStarting(pod, waited, patience) ??
      notMounted(events, waited, patience))
    : notCreated(events, waited, patience)
  return finding && { ...finding, ...place(snapshot.job, pod), logTail: [] }
}

/** Whose events say why a Job's pod does not start, once it has not for long enough; none as long as its status tells. */
export function eventSources({ job, pods }: JobSnapshot, patience: Patience, now: number): readonly EventSource[] {
  const pod = newestPod(pods)
  const waited = age(pod ?? job, now)
  if (!pod) return waited < patience.starting ? [] : [{ kind: 'Job', name: job.metadata?.name ?? '' }]
  const scheduled = condition(pod, 'PodScheduled')
  if (scheduled?.status === 'True') {
    return waited < patience.starting ? [] : [{ kind: 'Pod', name: pod.metadata?.name ?? '' }]
  }
  if (waited < patience.scheduling || !isAboutClaims(scheduled?.message)) return []
  return claimsOf(pod).map((name) => ({ kind: 'PersistentVolumeClaim', name }))
}

function age(object: V1Job | V1Pod, now: number): number {
  const since = object.metadata?.creationTimestamp
  return since === undefined ? 0 : now - new Date(since).getTime()
}

function condition(pod: V1Pod, wanted: string) {
  return pod.status?.conditions?.find(({ type }) => type === wanted)
}

function imageInvalid(pod: V1Pod): Finding | undefined {
  const waiting = waitingContainer(pod)
  const reason = waiting?.state?.waiting?.reason
  if (reason !== 'InvalidImageName' && reason !== 'ErrImageNeverPull') return undefined
  return imageNotAvailable(waiting)
}

function unschedulable(
  pod: V1Pod,
  events: readonly CoreV1Event[],
  waited: number,
  patience: Patience,
): Finding | undefined {
  const scheduled = condition(pod, 'PodScheduled')
  if (scheduled?.status !== 'False' || waited < patience.scheduling) return undefined
  const words = `${scheduled.message ?? scheduled.reason}`
  if (isAboutClaims(words)) return notBound(pod, words, events)
  return {
    type: 'Unschedulable',
    why: `no node would take its pod for ${Math.round(waited / 1000)} s: ${words}`,
    remedy: 'Make room in the cluster, or lower resources.requests in the manifest.',
    retryable: true,
  }
}

/** The scheduler names no claim; what provisions volumes says more in an event of the claim. */
function notBound(pod: V1Pod, words: string, events: readonly CoreV1Event[]): Finding {
  const said = newest(events)?.message
  return {
    type: 'VolumeNotBound',
    why: `its volume is not bound (claim ${claimsOf(pod).join(', ')}): ${words}${said === undefined ? '' : `; ${said}`}`,
    remedy: 'Is there a StorageClass that fits the claim, and does what provisions its volumes run?',
    retryable: true,
  }
}

function notStarting(pod: V1Pod, waited: number, patience: Patience): Finding | undefined {
  const waiting = waitingContainer(pod)
  const state = waiting?.state?.waiting
  if (!state?.reason || waited < patience.starting) return undefined
  if (state.reason === 'ErrImagePull' || state.reason === 'ImagePullBackOff') return imageNotAvailable(waiting)
  if (!state.reason.startsWith('Create')) return undefined
  const why = `its container could not be made (${state.reason}): ${state.message ?? 'no message'}`
  if (!isNotLookedUp(state.message)) {
    return { type: 'ConfigurationMissing', why, remedy: CONFIGURATION_REMEDY, retryable: false }
  }
  return waited < patience.scheduling
    ? undefined
    : { type: 'PodNotStarting', why, remedy: NODE_REMEDY, retryable: true }
}

/** A kubelet that has not been told of a Secret or ConfigMap yet, as happens on a busy node: it is neither there nor missing. */
function isNotLookedUp(message: string | undefined): boolean {
  return /failed to sync .* cache/.test(message ?? '')
}

/** A pod whose volume cannot be mounted is `ContainerCreating` for ever, and only the newest of its events tells why. */
function notMounted(events: readonly CoreV1Event[], waited: number, patience: Patience): Finding | undefined {
  const event = newest(events.filter(({ message }) => !isNotLookedUp(message))) ?? newest(events)
  // `Failed` alone is of an image or of a container: the pod's own status says that, a moment later and in full.
  if (waited < patience.starting || !event?.reason?.startsWith('Failed') || event.reason === 'Failed') return undefined
  const why = `its pod does not start (${event.reason}): ${event.message ?? 'no message'}`
  if (/(secret|configmap) .*not found|non-existent/i.test(event.message ?? '')) {
    return { type: 'ConfigurationMissing', why, remedy: CONFIGURATION_REMEDY, retryable: false }
  }
  if (waited < patience.scheduling) return undefined
  return { type: 'PodNotStarting', why, remedy: NODE_REMEDY, retryable: true }
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

function newest(events: readonly CoreV1Event[]): CoreV1Event | undefined {
  return events.toSorted((a, b) => happenedAt(b) - happenedAt(a))[0]
}

function happenedAt({ lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  return new Date(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime()
}

function isAboutClaims(words: string | undefined): boolean {
  return /persistentvolumeclaim/i.test(words ?? '')
}

function claimsOf(pod: V1Pod): readonly string[] {
  return (pod.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [])
}
