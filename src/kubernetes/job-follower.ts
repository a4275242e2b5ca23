import { setTimeout as sleep } from 'node:timers/promises'
import type { CoreV1Event, V1Job } from '@kubernetes/client-node'
import type { JobPhase } from '../domain/followed-job.ts'
import type { JobFailure } from './job-failure.ts'
import { type JobSnapshot, jobPhase } from './job-state.ts'
import type { JobWatch } from './job-watch.ts'
import { type EventSource, eventSources, findObstacle, type Patience } from './obstacle.ts'

/** How a followed Job ended, or why it will never start. */
export type JobEnd =
  | { readonly kind: 'complete'; readonly snapshot: JobSnapshot }
  | { readonly kind: 'failed'; readonly snapshot: JobSnapshot }
  | { readonly kind: 'obstacle'; readonly failure: JobFailure }
  | { readonly kind: 'deleted' }

export interface FollowOptions {
  /** Aborts following; the Job is left as it is. */
  readonly signal: AbortSignal
  readonly patience: Patience
  /** The longest time between two looks at the API server itself, in milliseconds: before the pod runs, and while it does. */
  readonly pollMilliseconds: { readonly pending: number; readonly running: number }
  /** The Job as it was just created: then it need not be asked for. */
  readonly created?: V1Job
  /** Called after each look, for the heartbeat. */
  readonly onLook: (phase: JobPhase, snapshot: JobSnapshot) => void
}

/** What a follower asks of the API server when it does not wait for the watch. */
export interface JobReader {
  /** Undefined where there is no such Job. */
  readJob(jobName: string): Promise<JobSnapshot | undefined>
  readEvents(source: EventSource): Promise<readonly CoreV1Event[]>
}

/**
 * Follows a Job to its end: each change that the watch tells of is looked at, and the API server is asked in between in
 * case the watch has gone silent. Whichever sees the end first wins.
 *
 * @throws the signal's reason once it is aborted
 */
export async function followJob(
  jobName: string,
  watch: Pick<JobWatch, 'snapshot' | 'onChange'>,
  reader: JobReader,
  options: FollowOptions,
): Promise<JobEnd> {
  let phase: JobPhase = 'pending'
  let lastPods: JobSnapshot['pods'] = []
  for (let why: Wake = options.created ? 'created' : 'silent'; ; ) {
    options.signal.throwIfAborted()
    // Before the look: a change during it is not missed.
    const changed = nextChange(jobName, watch, options, phase)
    try {
      const snapshot = await look(why, jobName, watch, reader, options.created)
      if (!snapshot) return { kind: 'deleted' }
      phase = jobPhase(snapshot)
      const end = await judge(snapshot, reader, options)
      if (snapshot.pods.length > 0) lastPods = snapshot.pods
      // A pod that was evicted is deleted with that: what was seen of it last tells why.
      if (end?.kind === 'failed') return { kind: 'failed', snapshot: { ...snapshot, pods: lastPods } }
      if (end) return end
      why = await changed.promise
    } finally {
      changed.stop()
    }
  }
}

/** A watch that has just been restarted may not know the Job yet: only the API server can say that it is gone. */
async function look(
  why: Wake,
  jobName: string,
  watch: Pick<JobWatch, 'snapshot'>,
  reader: JobReader,
  created: V1Job | undefined,
): Promise<JobSnapshot | undefined> {
  const watched = why === 'silent' ? undefined : watch.snapshot(jobName)
  if (watched) return watched
  return why === 'created' && created ? { job: created, pods: [] } : await reader.readJob(jobName)
}

async function judge(
  snapshot: JobSnapshot,
  reader: JobReader,
  { onLook, patience }: FollowOptions,
): Promise<JobEnd | undefined> {
  const phase = jobPhase(snapshot)
  onLook(phase, snapshot)
  if (phase === 'complete' || phase === 'failed') return { kind: phase, snapshot }
  if (phase === 'running') return undefined
  const now = Date.now()
  const sources = eventSources(snapshot, patience, now)
  const events = await Promise.all(sources.map((source) => reader.readEvents(source)))
  const failure = findObstacle(snapshot, events.flat(), patience, now)
  return failure && { kind: 'obstacle', failure }
}

/** Why a look is taken: the Job was just created, the watch told of a change, or it has been silent for long. */
type Wake = 'created' | 'changed' | 'silent'

interface Change {
  readonly promise: Promise<Wake>
  readonly stop: () => void
}

/** The next change from now on, or the end of the wait for one. */
function nextChange(
  jobName: string,
  watch: Pick<JobWatch, 'onChange'>,
  options: FollowOptions,
  phase: JobPhase,
): Change {
  const { pending, running } = options.pollMilliseconds

  const stopped = new AbortController()
  const signal = AbortSignal.any([options.signal, stopped.signal])
  let unsubscribe: () => void = () => undefined
  const changed = new Promise<'changed'>((resolve) => {
    unsubscribe = watch.onChange(jobName, () => resolve('changed'))
  })
  const silent = sleep(phase === 'running' ? running : pending, 'silent' as const, { signal })
  const promise = Promise.race([changed, silent])
  // Aborted while nobody waits for it: whoever waits gets the rejection all the same.
  promise.catch(() => undefined)
  return {
    promise,
    stop: () => {
      unsubscribe()
      stopped.abort()
    },
  }
}
