import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Context } from '@temporalio/activity'
import { WithStartWorkflowOperation } from '@temporalio/client'
import type { FollowedJob } from '../../src/domain/followed-job.ts'
import type { BackupPipeline } from '../../src/workflows/index.ts'
import { pauseSignal, progressQuery, progressUpdate, resumeSignal } from '../../src/workflows/messages.ts'
import { DEFAULT_STEPS } from '../support/default-steps.ts'
import { stubActivities } from '../support/stub-activities.ts'
import { SETUP_MILLISECONDS, TestTemporal } from '../support/test-temporal.ts'

let temporal: TestTemporal

beforeAll(async () => {
  temporal = await TestTemporal.skippingTime()
}, SETUP_MILLISECONDS)

afterAll(async () => {
  await temporal.stop()
})

/** Steps of which one tells that it has begun, and ends when it is let go. */
function holdAt(step: string) {
  const reached = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const stub = stubActivities(async (name) => {
    if (name !== step) return
    reached.resolve()
    await go.promise
  })
  return { stub, reached: reached.promise, letGo: go.resolve }
}

test('a paused pipeline ends its step, and begins the next when it is resumed', async () => {
  const { stub, reached, letGo } = holdAt('dump')
  await temporal.run(stub, {}, async (handle) => {
    await reached
    await handle.signal(pauseSignal)
    letGo()
    // An update is answered after all that came before it: by then the dump has ended, and the upload would have begun.
    let progress = await handle.executeUpdate(progressUpdate)
    while (progress.steps.find(({ name }) => name === 'dump')?.state !== 'done') {
      progress = await handle.executeUpdate(progressUpdate)
    }
    expect(progress.paused).toBe(true)
    expect(progress.steps.find(({ name }) => name === 'upload')?.state).toBe('pending')
    expect(stub.calls.at(-1)).toBe('dump')
    await handle.signal(resumeSignal)
    expect((await handle.result()).outcome).toBe('proven')
  })
  expect(stub.calls).toEqual([...DEFAULT_STEPS, 'releaseStaging'])
})

test('a pipeline that is told to pause before it has begun begins when it is resumed', async () => {
  const stub = stubActivities()
  await temporal.runWith(stub, async (taskQueue) => {
    const handle = await temporal.environment.client.workflow.signalWithStart<typeof BackupPipeline>('BackupPipeline', {
      workflowId: taskQueue,
      taskQueue,
      args: [{}],
      signal: 'pause',
    })
    expect((await handle.executeUpdate(progressUpdate)).paused).toBe(true)
    expect(stub.calls).toEqual([])
    await handle.signal(resumeSignal)
    expect((await handle.result()).outcome).toBe('proven')
  })
})

test('progress as an update says how far the Job is that is followed', async () => {
  const job: FollowedJob = {
    jobName: 'hf-copy-0123456789-2',
    namespace: 's3-test',
    phase: 'running',
    progress: { percent: 40, bytes: 12, totalBytes: 30 },
  }
  const reached = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const stub = stubActivities(async (name) => {
    if (name !== 'copy') return
    Context.current().heartbeat(job)
    reached.resolve()
    await go.promise
  })
  await temporal.run(stub, {}, async (handle) => {
    await reached.promise
    const copying = async () => (await handle.executeUpdate(progressUpdate)).steps.find(({ name }) => name === 'copy')
    let copy = await copying()
    while (copy?.pending?.job === undefined) copy = await copying()
    expect(copy).toMatchObject({ state: 'running', startedAt: expect.any(Number), pending: { attempt: 1, job } })
    go.resolve()
    await handle.result()
  })
})

test('a client can start a pipeline and be told where it stands in one call', async () => {
  const stub = stubActivities()
  await temporal.runWith(stub, async (taskQueue) => {
    const { workflow } = temporal.environment.client
    const start = new WithStartWorkflowOperation<typeof BackupPipeline>('BackupPipeline', {
      workflowId: taskQueue,
      taskQueue,
      args: [{}],
      workflowIdConflictPolicy: 'USE_EXISTING',
    })
    const progress = await workflow.executeUpdateWithStart(progressUpdate, { startWorkflowOperation: start })
    expect(progress.steps).toHaveLength(DEFAULT_STEPS.length)
    await (await start.workflowHandle()).result()
  })
})

test('progress names the steps that the request has, and no others', async () => {
  const { stub, reached, letGo } = holdAt('deployMysql')
  const request = { staging: 'stream', sampleData: { kind: 'none' }, schemas: ['shop'] }
  await temporal.run(stub, request, async (handle) => {
    await reached
    const { steps } = await handle.query(progressQuery)
    letGo()
    const names = ['provision', 'deployMysql', 'dumpAndUpload', 'copy', 'restore', 'verify']
    expect(steps.map(({ name }) => name)).toEqual(names)
    await handle.result()
  })
})

test('progress says which step runs and since when', async () => {
  const { stub, reached, letGo } = holdAt('copy')
  await temporal.run(stub, {}, async (handle) => {
    await reached
    const { phase, paused, steps } = await handle.query(progressQuery)
    expect({ phase, paused }).toEqual({ phase: 'running', paused: false })
    expect(steps.map(({ state }) => state)).toEqual([...Array(5).fill('done'), 'running', 'pending', 'pending'])
    expect(steps[5]).toMatchObject({ name: 'copy', startedAt: expect.any(Number) })
    expect(steps[3]).toMatchObject({ jobName: 'hf-dump', summary: '1 tables, 2 rows, 30 bytes' })
    letGo()
    await handle.result()
  })
})
