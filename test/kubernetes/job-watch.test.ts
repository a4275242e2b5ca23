import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { V1Job } from '@kubernetes/client-node'
import type { FollowedJob } from '../../src/domain/followed-job.ts'
import { JobApi } from '../../src/kubernetes/job-api.ts'
import { followJob, type JobEnd } from '../../src/kubernetes/job-follower.ts'
import { jobName } from '../../src/kubernetes/job-identity.ts'
import { renderJob } from '../../src/kubernetes/job-manifest.ts'
import { JobRunner } from '../../src/kubernetes/job-runner.ts'
import { JobWatch } from '../../src/kubernetes/job-watch.ts'
import { kubectl } from '../support/lab.ts'
import { eventually } from '../worker/support/eventually.ts'
import type { ApiRequest } from './support/api-proxy.ts'
import { ANSWERS, orderIn, programJob } from './support/program-job.ts'
import { makeProxiedCluster, type ProxiedCluster, type ProxiedConnection } from './support/proxied-cluster.ts'

/** What becomes of following a Job when the connection to the API server is not what it should be. */

const TEST_MILLISECONDS = 120_000
const NEVER = 3_600_000
const MANY = 100
/** The API server sends a bookmark two seconds before it ends a watch. */
const BOOKMARKED_SECONDS = 4

let cluster: ProxiedCluster
/** Of this test alone: an informer that is stopped while it lists still asks for its watch. */
let connection: ProxiedConnection
let watch: JobWatch

beforeAll(async () => {
  cluster = await makeProxiedCluster()
}, TEST_MILLISECONDS)

beforeEach(async () => {
  connection = await cluster.connect()
  watch = new JobWatch(connection.kubernetes, cluster.namespace)
})

afterEach(async () => {
  await watch.stop()
  connection.proxy.close()
})

afterAll(async () => await cluster?.remove(), TEST_MILLISECONDS)

test(
  'a watch that was cut goes on from where it was',
  async () => {
    const { name, end } = await followSuspended(NEVER)
    await connection.proxy.cut()
    await deleteJob(name)
    await connection.proxy.open()
    expect(await end).toEqual({ kind: 'deleted' })
    expect(lists()).toHaveLength(2)
    for (const { url } of watches()) expect(Number(url.searchParams.get('resourceVersion'))).toBeGreaterThan(0)
    expect(watches().length).toBeGreaterThan(2)
  },
  TEST_MILLISECONDS,
)

test.each([
  ['as an answer', 410, ''],
  [
    'as an event',
    200,
    `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })}\n`,
  ],
])(
  'a watch whose resource version is gone, said %s, lists anew',
  async (_, status, body) => {
    const { name, end } = await followSuspended(NEVER)
    connection.proxy.answerWatches((outgoing) => {
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(body)
      connection.proxy.answerWatches(undefined)
    })
    await connection.proxy.cut()
    await deleteJob(name)
    await connection.proxy.open()
    expect(await end).toEqual({ kind: 'deleted' })
    await eventually(async () => expect(lists()).toHaveLength(3))
  },
  TEST_MILLISECONDS,
)

test(
  'a watch that has gone silent is made up for by the poll',
  async () => {
    const { name, end } = await followSuspended(500)
    connection.proxy.silence()
    await deleteJob(name)
    expect(await end).toEqual({ kind: 'deleted' })
    expect(watch.snapshot(name)).toBeDefined()
  },
  TEST_MILLISECONDS,
)

test(
  'a watch of which nothing comes goes on from its bookmark',
  async () => {
    await watch.stop()
    watch = new JobWatch(connection.kubernetes, cluster.namespace, BOOKMARKED_SECONDS)
    watch.start()
    await eventually(async () => expect(watchesOfJobs()).toHaveLength(1))
    const [begun = Number.NaN] = watchesOfJobs()
    await createForeignJob()
    await eventually(async () => expect(Math.max(...watchesOfJobs())).toBeGreaterThan(begun))
    expect(lists()).toHaveLength(2)
  },
  TEST_MILLISECONDS,
)

test(
  'a hundred Jobs are followed by two watches, and none is lost',
  async () => {
    const runner = new JobRunner(connection.kubernetes, { loadManifest: async () => suspended() })
    const looked = new Set<string>()
    const runs = Array.from({ length: MANY }, async () => {
      const onLook = ({ jobName, uid }: FollowedJob): void => {
        if (uid !== undefined) looked.add(jobName)
      }
      await runner.run(orderIn(cluster.namespace, 'none'), { signal: new AbortController().signal, onLook })
    })
    const ends = Promise.allSettled(runs)
    await eventually(async () => expect(looked.size).toBe(MANY))
    await kubectl(cluster.lab, '--namespace', cluster.namespace, 'delete', 'jobs', '--all')
    for (const end of await ends) {
      expect(end).toMatchObject({ status: 'rejected', reason: { failure: { type: 'JobDeleted' } } })
    }
    await runner.stop()
    // One ends after a while, and another goes on from there: not one for each Job.
    expect(new Set(watches().map(({ url }) => url.pathname)).size).toBe(2)
    expect(watches().length).toBeLessThan(MANY / 10)
    expect(connection.proxy.requests.length / MANY).toBeLessThanOrEqual(10)
  },
  TEST_MILLISECONDS,
)

/** A Job that has no pods and does not end. */
function suspended(): V1Job {
  const job = programJob(ANSWERS)
  return { ...job, spec: { ...job.spec, suspend: true, template: job.spec?.template ?? {} } }
}

/** Follows a Job that is suspended, from a moment at which both watches have begun. */
async function followSuspended(pollMilliseconds: number): Promise<{ name: string; end: Promise<JobEnd> }> {
  const { identity, settings } = orderIn(cluster.namespace, 'none')
  const api = new JobApi(connection.kubernetes, cluster.namespace)
  await api.createJob(renderJob(suspended(), identity, 1, settings))
  watch.start()
  await eventually(async () => expect(watches()).toHaveLength(2))
  const name = jobName(identity, 1)
  await eventually(async () => expect(watch.snapshot(name)).toBeDefined())
  let looked: () => void
  const firstLook = new Promise<void>((resolve) => {
    looked = resolve
  })
  const end = followJob(name, watch, api, {
    signal: new AbortController().signal,
    patience: { scheduling: NEVER, starting: NEVER },
    pollMilliseconds: { pending: pollMilliseconds, running: pollMilliseconds },
    onLook: () => looked(),
  })
  await firstLook
  return { name, end }
}

/** By somebody who does not come through the proxy. */
async function deleteJob(name: string): Promise<void> {
  await kubectl(cluster.lab, '--namespace', cluster.namespace, 'delete', 'job', name)
}

/** A Job that the watch does not select, so that the version of all Jobs moves on and the watch hears of none. */
async function createForeignJob(): Promise<void> {
  const { namespace } = cluster
  const body: V1Job = {
    metadata: { generateName: 'foreign-' },
    spec: { suspend: true, template: suspended().spec?.template ?? {} },
  }
  delete body.spec?.template.metadata?.labels
  await connection.kubernetes.batch.createNamespacedJob({ namespace, body })
}

/** The resource versions from which the Jobs were watched, in the order of the watches. */
function watchesOfJobs(): readonly number[] {
  return watches()
    .filter(({ url }) => url.pathname.endsWith('/jobs'))
    .map(({ url }) => Number(url.searchParams.get('resourceVersion')))
}

function watches(): readonly ApiRequest[] {
  return connection.proxy.requests.filter(({ isWatch }) => isWatch)
}

/** Lists of what the watches are of: a follower lists the pods of one Job. */
function lists(): readonly ApiRequest[] {
  return connection.proxy.requests.filter(
    ({ method, isWatch, url }) =>
      method === 'GET' && !isWatch && url.searchParams.get('labelSelector')?.includes('managed-by'),
  )
}
