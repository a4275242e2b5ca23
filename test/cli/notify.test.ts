import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { createNotifyActivities } from '../../src/activities/notify.ts'
import { assertPolled } from '../../src/cli/doctor/examine-temporal.ts'
import { type NotifyFile, notifyFile } from '../notify/support/notifications.ts'
import { type Receiver, receiver } from '../notify/support/receiver.ts'
import { stubActivities } from '../support/stub-activities.ts'
import { SETUP_MILLISECONDS, TestTemporal } from '../support/test-temporal.ts'
import { eventually } from '../worker/support/eventually.ts'
import { type Ended, runCli } from './support/run-cli.ts'

let temporal: TestTemporal
let file: NotifyFile
let server: Receiver

beforeAll(async () => {
  temporal = await TestTemporal.devServer()
  process.env.TEMPORAL_ADDRESS = temporal.environment.address
}, SETUP_MILLISECONDS)

afterAll(async () => {
  delete process.env.TEMPORAL_ADDRESS
  await temporal.stop()
})

beforeEach(async () => {
  file = await notifyFile()
  server = await receiver((response, nth) => response.writeHead(nth === 1 ? 200 : 503).end())
})
afterEach(async () => {
  await server.close()
  await file.remove()
})

/** The command, while a worker with these activities polls its task queue. */
async function testWith(config: NotifyFile['config'], ...options: readonly string[]): Promise<Ended> {
  const stub = stubActivities()
  const activities = { ...stub.activities, ...createNotifyActivities({ config }) }
  return await temporal.runWith({ ...stub, activities }, async (taskQueue) => {
    await eventually(() => assertPolled(temporal.environment.client, taskQueue))
    return await runCli('notify', 'test', '--task-queue', taskQueue, ...options)
  })
}

test('each target is told once, whatever it wants to know, and it says who took it', async () => {
  const target = { format: 'slack', url: server.url }
  await file.write([{ ...target, name: 'team', on: ['failed'] }])
  expect(await testWith(file.config)).toMatchObject({ exitCode: 0, stdout: '✔ team took it.' })
  const down = await testWith(file.config)
  expect(down).toMatchObject({ exitCode: 1, stdout: '✖ team answered with HTTP 503.' })
  expect(server.received.map(({ body }) => JSON.parse(body).text)).toEqual([
    'Holdfast can reach you: this is a test',
    'Holdfast can reach you: this is a test',
  ])
})

test('for a program', async () => {
  await file.write([{ name: 'team', format: 'slack', url: server.url, on: ['failed'] }])
  const { stdout } = await testWith(file.config, '--output', 'json')
  expect(JSON.parse(stdout)).toEqual({ deliveries: [{ target: 'team', state: 'delivered' }] })
})

test('a worker without targets', async () => {
  const { notifyFile: _, ...config } = file.config
  const { exitCode, stdout } = await testWith(config)
  expect(exitCode).toBe(1)
  expect(stdout).toContain('HOLDFAST_NOTIFY_FILE is not set')
})

test('a worker whose file is wrong', async () => {
  await file.write('targets: none')
  const { exitCode, stderr } = await testWith(file.config)
  expect(exitCode).toBe(1)
  expect(stderr).toContain("The worker's HOLDFAST_NOTIFY_FILE is wrong:")
  expect(stderr).toContain('targets is no list')
})

test('no worker', async () => {
  const { exitCode, stderr } = await runCli('notify', 'test', '--task-queue', randomUUID())
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^no worker polls the task queue/)
})
