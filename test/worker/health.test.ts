import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals'
import { killSpawnedWorkers, spawnWorker } from './support/spawned-worker.ts'
import { makeWorkerLab, type WorkerLab } from './support/worker-lab.ts'

/** A worker takes seconds to start, and more on a machine that has other things to do. */
jest.setTimeout(90_000)

let own: WorkerLab

beforeAll(async () => {
  own = await makeWorkerLab()
})
afterEach(killSpawnedWorkers)
afterAll(async () => await own.remove())

test('a worker that starts is live and not ready; one that polls is both', async () => {
  const worker = spawnWorker(own.environment)
  expect(await worker.get('/readyz')).toEqual({ status: 503, body: '{"ok":false,"worker":"STARTING"}\n' })
  expect(await worker.get('/healthz')).toEqual({ status: 200, body: '{"ok":true,"worker":"STARTING"}\n' })

  await worker.line('Worker ready')
  expect(await worker.get('/readyz')).toEqual({
    status: 200,
    body: '{"ok":true,"worker":"RUNNING","temporal":"answers"}\n',
  })
  expect(await worker.get('/healthz')).toEqual({ status: 200, body: '{"ok":true,"worker":"RUNNING"}\n' })
  expect(await worker.get('/else')).toMatchObject({ status: 404 })
})

test('without a port there are no endpoints', async () => {
  const { HOLDFAST_HEALTH_PORT: _, ...environment } = own.environment
  const worker = spawnWorker(environment)
  await worker.line('Worker ready')
  expect(worker.lines.map(({ message }) => message)).not.toContain('Health endpoints open')
})
