import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { kubeconfigWith } from './support/account.ts'
import { killSpawnedWorkers, spawnWorker } from './support/spawned-worker.ts'
import { makeWorkerLab, type WorkerLab } from './support/worker-lab.ts'

/** A worker takes seconds to start, and more on a machine that has other things to do. */
jest.setTimeout(90_000)

/** Nobody listens there, and fetch allows it, unlike port 1. */
const NOBODY = '127.0.0.1:2'

let own: WorkerLab

beforeAll(async () => {
  own = await makeWorkerLab()
})
afterEach(killSpawnedWorkers)
afterAll(async () => await own.remove())

/** The one line, besides that of the health endpoints, with which a worker in this environment refuses to start. */
async function refusalWith(changes: Readonly<Record<string, string>>): Promise<string> {
  return await refusalOf({ ...own.environment, ...changes })
}

async function refusalOf(environment: Readonly<Record<string, string>>): Promise<string> {
  const worker = spawnWorker(environment)
  expect(await worker.ended).toEqual({ exitCode: 1 })
  const [line, ...others] = worker.lines.filter(({ message }) => message !== 'Health endpoints open')
  expect(others).toEqual([])
  expect(line).toEqual({ level: 'fatal', time: expect.any(String), message: expect.any(String) })
  const message = line?.message ?? ''
  expect(message).toMatch(/^The worker cannot start: [^\n]+$/)
  return message
}

test('a Temporal without the search attributes of a pipeline', async () => {
  const path = process.env.TEMPORAL_CLI ?? 'temporal'
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  })
  try {
    const message = await refusalWith({ TEMPORAL_ADDRESS: environment.address })
    expect(message).toContain('lacks search attributes of a pipeline, or has them with another type: HoldfastDatabase,')
    expect(message).toContain('temporal operator search-attribute create --namespace default --name HoldfastDatabase')
  } finally {
    await environment.teardown()
  }
})

test('variables that are missing', async () => {
  expect(await refusalOf({})).toBe(
    'The worker cannot start: its environment is wrong: HOLDFAST_TOOLS_IMAGE is not set; HOLDFAST_TERRAFORM_IMAGE is not set. Set these variables where it is started: docs/operations.md says what each is for.',
  )
})

test('variables that are wrong', async () => {
  const message = await refusalWith({
    HOLDFAST_TOOLS_IMAGE: '',
    HOLDFAST_CONTROL_NAMESPACE: 'Hold_fast',
    HOLDFAST_PIPELINE_NAMESPACES: 'shop,,blog',
    HOLDFAST_LOG_LEVEL: 'loud',
    HOLDFAST_HEALTH_PORT: '99999',
    HOLDFAST_METRICS_PORT: '0',
  })
  for (const part of [
    'HOLDFAST_TOOLS_IMAGE is empty',
    'HOLDFAST_CONTROL_NAMESPACE is no name of a namespace',
    'HOLDFAST_PIPELINE_NAMESPACES is no list of namespaces with commas between them',
    'HOLDFAST_LOG_LEVEL is none of trace, debug, info, warn, error',
    'HOLDFAST_HEALTH_PORT is no port number: the highest is 65535',
    'HOLDFAST_METRICS_PORT is no port number: the lowest is 1',
  ]) {
    expect(message).toContain(part)
  }
})

test('Temporal that cannot be reached', async () => {
  expect(await refusalWith({ TEMPORAL_ADDRESS: NOBODY })).toBe(
    `The worker cannot start: Temporal cannot be reached at ${NOBODY}: Connection refused. Is it up, and are TEMPORAL_ADDRESS and its credentials right?`,
  )
})

test('Temporal that takes the connection and never answers', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as { port: number }
  try {
    const message = await refusalWith({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` })
    expect(message).toContain(`Temporal cannot be reached at 127.0.0.1:${port}: `)
  } finally {
    silent.close()
  }
})

test("a namespace of Temporal's that is not there", async () => {
  const message = await refusalWith({ TEMPORAL_NAMESPACE: own.namespace })
  expect(message).toContain(`Temporal at ${own.lab.temporal.address} has no namespace "${own.namespace}": `)
  expect(message).toContain(`temporal operator namespace create --namespace ${own.namespace}`)
})

test("a profile of Temporal's configuration that is not there", async () => {
  expect(await refusalWith({ TEMPORAL_PROFILE: 'nobody' })).toContain(
    "Temporal's settings cannot be read: Profile 'nobody' not found",
  )
})

test('a kubeconfig that is not there', async () => {
  expect(await refusalWith({ KUBECONFIG: '/nowhere/kubeconfig' })).toContain(
    "Kubernetes' settings cannot be read: ENOENT: no such file or directory, open '/nowhere/kubeconfig'. Check KUBECONFIG",
  )
})

test('Kubernetes that cannot be reached', async () => {
  const { kubeconfig, remove } = await kubeconfigWith(own.lab, { token: 'none' }, `https://${NOBODY}`)
  const message = await refusalWith({ KUBECONFIG: kubeconfig }).finally(remove)
  expect(message).toContain(`Kubernetes cannot be reached at https://${NOBODY}: connect ECONNREFUSED`)
})

test('Kubernetes that refuses the credentials', async () => {
  const { kubeconfig, remove } = await kubeconfigWith(own.lab, { token: 'expired' })
  const message = await refusalWith({ KUBECONFIG: kubeconfig }).finally(remove)
  expect(message).toMatch(
    /Kubernetes at https:\/\/\S+ refuses the credentials: it does not know them \(HTTP 401\)\. Renew those/,
  )
})

test('a control namespace that is missing', async () => {
  const missing = `${own.namespace}-gone`
  const message = await refusalWith({ HOLDFAST_CONTROL_NAMESPACE: missing })
  expect(message).toContain(`the control namespace ${missing} is missing in Kubernetes at https://`)
  expect(message).toContain('or set HOLDFAST_CONTROL_NAMESPACE')
})

test('a health port that is taken', async () => {
  const [, port = ''] = own.lab.temporal.address.split(':')
  const message = await refusalWith({ HOLDFAST_HEALTH_PORT: port })
  expect(message).toContain(`the health endpoints cannot be opened at port ${port}: `)
  expect(message).toContain('EADDRINUSE')
})

test('a port for metrics that is taken', async () => {
  const [, port = ''] = own.lab.temporal.address.split(':')
  const message = await refusalWith({ HOLDFAST_METRICS_PORT: port })
  expect(message).toContain(`the metrics cannot be served at port ${port}: `)
  expect(message).toContain('Address already in use')
})
