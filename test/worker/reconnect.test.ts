import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { Client, Connection } from '@temporalio/client'
import { type CuttableProxy, startProxy } from './support/cuttable-proxy.ts'
import { eventually } from './support/eventually.ts'
import { killSpawnedWorkers, spawnWorker } from './support/spawned-worker.ts'
import { makeWorkerLab, ownName, type WorkerLab } from './support/worker-lab.ts'

const BOUND_MILLISECONDS = 26_000
const TEST_MILLISECONDS = 90_000

let own: WorkerLab
let connection: Connection
let proxy: CuttableProxy

beforeAll(async () => {
  own = await makeWorkerLab()
  connection = await Connection.connect({ address: own.lab.temporal.address })
})
afterEach(async () => {
  await killSpawnedWorkers()
  await proxy.cut().catch(() => undefined)
})
afterAll(async () => {
  await connection.close()
  await own.remove()
})

test(
  'when Temporal goes away the worker lives and is not ready; when it comes back the worker takes work',
  async () => {
    proxy = await startProxy(own.lab.temporal.address)
    const worker = spawnWorker({ ...own.environment, TEMPORAL_ADDRESS: proxy.address })
    await worker.line('Worker ready')
    expect(await worker.get('/readyz')).toMatchObject({ status: 200 })

    await proxy.cut()
    await eventually(async () => expect(await worker.get('/readyz')).toMatchObject({ status: 503 }))
    expect(await worker.get('/healthz')).toMatchObject({ status: 200 })

    await proxy.open()
    await eventually(async () => expect(await worker.get('/readyz')).toMatchObject({ status: 200 }))
    const client = new Client({ connection, namespace: own.lab.temporal.namespace })
    const cleanup = client.workflow.execute('Cleanup', {
      taskQueue: own.namespace,
      workflowId: ownName(),
      args: [{ namespace: ownName() }],
    })
    expect(await cleanup).toEqual({ removed: [] })
  },
  TEST_MILLISECONDS,
)

test(
  'told to stop while Temporal is away, it ends well within the bound',
  async () => {
    proxy = await startProxy(own.lab.temporal.address)
    const worker = spawnWorker({ ...own.environment, TEMPORAL_ADDRESS: proxy.address })
    await worker.line('Worker ready')
    await proxy.cut()
    await eventually(async () => expect(await worker.get('/readyz')).toMatchObject({ status: 503 }))
    const started = Date.now()
    worker.kill('SIGTERM')
    expect(await worker.ended).toEqual({ exitCode: 0 })
    expect(Date.now() - started).toBeLessThan(BOUND_MILLISECONDS)
    await worker.line('Worker stopped')
  },
  TEST_MILLISECONDS,
)
