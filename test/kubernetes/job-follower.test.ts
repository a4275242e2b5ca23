import { EventEmitter } from 'node:events'
import { expect, test } from '@jest/globals'
import type { V1Job } from '@kubernetes/client-node'
import { followJob } from '../../src/kubernetes/job-follower.ts'
import type { JobSnapshot } from '../../src/kubernetes/job-state.ts'

const NEVER = 3_600_000
const active = snapshotOf()
const complete = snapshotOf('Complete')

function snapshotOf(condition?: string): JobSnapshot {
  const job: V1Job = { metadata: { name: 'job', creationTimestamp: new Date() } }
  if (condition !== undefined) job.status = { conditions: [{ type: condition, status: 'True' }] }
  return { job, pods: [] }
}

/** A watch that tells what it is made to tell, and an API server that answers what stands at it. */
function cluster(server: JobSnapshot | undefined) {
  const changes = new EventEmitter()
  const state = { server, watched: undefined as JobSnapshot | undefined, reads: 0 }
  const watch = {
    snapshot: () => state.watched,
    onChange: (name: string, listener: () => void) => {
      changes.on(name, listener)
      return () => changes.off(name, listener)
    },
  }
  const reader = {
    readJob: async () => {
      state.reads++
      return state.server
    },
    readEvents: async () => [],
  }
  function tell(snapshot: JobSnapshot | undefined): void {
    state.watched = snapshot
    changes.emit('job')
  }
  return { state, watch, reader, tell, listeners: () => changes.listenerCount('job') }
}

function options(pollMilliseconds: number, onLook: () => void = () => undefined) {
  const patience = { scheduling: NEVER, starting: NEVER }
  const poll = { pending: pollMilliseconds, running: pollMilliseconds }
  return { signal: new AbortController().signal, patience, pollMilliseconds: poll, onLook }
}

test('a change that the watch tells of ends the following, without a further request', async () => {
  const { watch, reader, tell, state, listeners } = cluster(active)
  const end = await followJob(
    'job',
    watch,
    reader,
    options(NEVER, () => setImmediate(() => tell(complete))),
  )
  expect(end.kind).toBe('complete')
  expect(state.reads).toBe(1)
  expect(listeners()).toBe(0)
})

test('where the watch has gone silent the poll sees the end', async () => {
  const { watch, reader, state } = cluster(active)
  const end = await followJob(
    'job',
    watch,
    reader,
    options(1, () => {
      state.server = complete
    }),
  )
  expect(end.kind).toBe('complete')
})

test('a Job that the watch does not know yet is not taken for deleted', async () => {
  const { watch, reader, tell, state } = cluster(active)
  let looks = 0
  const onLook = () => setImmediate(() => tell(looks++ === 0 ? undefined : complete))
  expect((await followJob('job', watch, reader, options(NEVER, onLook))).kind).toBe('complete')
  expect(state.reads).toBe(2)
})

test('a Job that somebody deleted is told so', async () => {
  const { watch, reader, tell, state } = cluster(active)
  const onLook = () =>
    setImmediate(() => {
      state.server = undefined
      tell(undefined)
    })
  expect((await followJob('job', watch, reader, options(NEVER, onLook))).kind).toBe('deleted')
})

test('an aborted signal ends the following and leaves nothing behind', async () => {
  const { watch, reader, listeners } = cluster(active)
  const stop = new AbortController()
  const onLook = () => setImmediate(() => stop.abort(new Error('the worker stops')))
  await expect(followJob('job', watch, reader, { ...options(NEVER, onLook), signal: stop.signal })).rejects.toThrow()
  expect(listeners()).toBe(0)
})
