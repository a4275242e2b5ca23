import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { Connection } from '@temporalio/client'
import { kubectl } from '../support/lab.ts'
import { eventually } from './support/eventually.ts'
import { followedJob, startWaitingPipeline, terminatePipelines } from './support/pipeline.ts'
import { killSpawnedWorkers, spawnWorker } from './support/spawned-worker.ts'
import { makeWorkerLab, type WorkerLab } from './support/worker-lab.ts'

/** What Kubernetes grants a pod, with some room below it. */
const BOUND_MILLISECONDS = 26_000
const TEST_MILLISECONDS = 90_000

let own: WorkerLab
let connection: Connection

beforeAll(async () => {
  own = await makeWorkerLab()
  connection = await Connection.connect({ address: own.lab.temporal.address })
})
afterEach(async () => {
  await killSpawnedWorkers()
  await terminatePipelines()
})
afterAll(async () => {
  await connection.close()
  await own.remove()
})

async function jobs(): Promise<string[]> {
  const output = await kubectl(own.lab, '--namespace', own.namespace, 'get', 'jobs', '--output', 'name')
  return output.split('\n').filter(Boolean)
}

test(
  'told to stop, the activity reaches a heartbeat, the worker ends within the bound, the Job goes on',
  async () => {
    const worker = spawnWorker(own.environment)
    const pipeline = await startWaitingPipeline(connection, own)
    const job = await followedJob(worker)
    const started = Date.now()
    worker.kill('SIGTERM')
    expect(await worker.line('Stopping')).toMatchObject({ signal: 'SIGTERM' })
    expect(await worker.get('/readyz')).toMatchObject({ status: 503 })
    expect(await worker.get('/healthz')).toMatchObject({ status: 200 })

    expect(await worker.ended).toEqual({ exitCode: 0 })
    expect(Date.now() - started).toBeLessThan(BOUND_MILLISECONDS)
    expect(await jobs()).toContain(`job.batch/${job}`)
    const { raw, status } = await pipeline.describe()
    expect(status.name).toBe('RUNNING')
    const [activity] = raw.pendingActivities ?? []
    const details = Buffer.from(activity?.heartbeatDetails?.payloads?.[0]?.data ?? []).toString()
    expect(JSON.parse(details)).toMatchObject({ jobName: job })
    const { seconds, nanos } = activity?.lastHeartbeatTime ?? {}
    expect(Number(seconds) * 1000 + Number(nanos) / 1_000_000).toBeGreaterThan(started)

    const next = spawnWorker(own.environment)
    expect(await followedJob(next)).toBe(job)
  },
  TEST_MILLISECONDS,
)

test(
  'a second signal ends it at once, and the Job goes on',
  async () => {
    const worker = spawnWorker(own.environment)
    await startWaitingPipeline(connection, own)
    const job = await followedJob(worker)
    worker.kill('SIGINT')
    expect(await worker.line('Stopping')).toMatchObject({ signal: 'SIGINT' })
    const ended = worker.ended.then(({ exitCode }) => exitCode)
    const exitCode = await eventually(async () => {
      worker.kill('SIGTERM')
      return await Promise.race([ended, Promise.reject(new Error('it still runs'))])
    })
    expect(exitCode).toBe(143)
    expect(worker.lines.map(({ message }) => message)).not.toContain('Worker stopped')
    expect(await jobs()).toContain(`job.batch/${job}`)
  },
  TEST_MILLISECONDS,
)

test(
  'Ctrl-C that arrives twice, from the terminal and from npm, is one order',
  async () => {
    const worker = spawnWorker(own.environment)
    await startWaitingPipeline(connection, own)
    await followedJob(worker)
    worker.kill('SIGINT')
    worker.kill('SIGTERM')
    expect(await worker.ended).toEqual({ exitCode: 0 })
    await worker.line('Worker stopped')
  },
  TEST_MILLISECONDS,
)

test('told to stop by way of `npm run worker`, it ends before that does', async () => {
  const worker = spawnWorker(own.environment, ['npm', 'run', '-s', 'worker'])
  await worker.line('Worker ready')
  worker.kill('SIGTERM')
  await worker.line('Worker stopped')
  await worker.ended
})

test('told to stop while it starts, it ends well', async () => {
  const worker = spawnWorker(own.environment)
  await worker.line('Health endpoints open')
  worker.kill('SIGTERM')
  expect(await worker.ended).toEqual({ exitCode: 0 })
  expect(worker.lines.map(({ message }) => message)).not.toContain('Worker ready')
})
