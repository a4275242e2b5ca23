import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity'
import { WorkflowFailedError } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import type { BackupResult, PipelineFailureDetails } from '../../src/domain/backup-result.ts'
import { STEPS } from '../../src/domain/steps.ts'
import type { BackupPipeline } from '../../src/workflows/index.ts'
import { callsWhenFailingAt, type StubActivities, stubActivities } from '../support/stub-activities.ts'

const SETUP_MILLISECONDS = 300_000
const HEARTBEAT_MILLISECONDS = 50

let environment: TestWorkflowEnvironment
let workflowBundle: WorkflowBundleWithSourceMap

beforeAll(async () => {
  environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: process.env.TEMPORAL_TEST_SERVER ?? 'temporal-test-server' } },
  })
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
  })
}, SETUP_MILLISECONDS)

afterAll(async () => {
  await environment.teardown()
})

let taskQueues = 0

/** Runs a pipeline on a worker and a task queue of its own. */
async function runPipeline(stub: StubActivities, input: unknown, reached?: Promise<void>): Promise<BackupResult> {
  const taskQueue = `pipeline-${++taskQueues}`
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle,
    activities: stub.activities,
    // Cancellation is told in answer to a heartbeat.
    maxHeartbeatThrottleInterval: HEARTBEAT_MILLISECONDS,
    defaultHeartbeatThrottleInterval: HEARTBEAT_MILLISECONDS,
  })
  return await worker.runUntil(async () => {
    const handle = await environment.client.workflow.start<typeof BackupPipeline>('BackupPipeline', {
      taskQueue,
      workflowId: taskQueue,
      args: [input],
    })
    if (reached) {
      await reached
      await handle.cancel()
    }
    return await handle.result()
  })
}

/** What an activity does that follows a Job: it beats its heart until it is told to stop. */
async function untilCancelled(): Promise<never> {
  const heart = setInterval(() => Context.current().heartbeat(), HEARTBEAT_MILLISECONDS)
  try {
    return await Context.current().cancelled
  } finally {
    clearInterval(heart)
  }
}

async function failureOf(run: Promise<unknown>): Promise<WorkflowFailedError> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof WorkflowFailedError) return error
  throw new Error(`The pipeline did not fail as a workflow: ${String(error)}`)
}

function applicationFailure(error: WorkflowFailedError): ApplicationFailure {
  if (error.cause instanceof ApplicationFailure) return error.cause
  throw new Error(`Not an ApplicationFailure: ${String(error.cause)}`)
}

test('a pipeline runs its eight steps in order, releases its staging volume, and reports each step', async () => {
  const stub = stubActivities()
  const result = await runPipeline(stub, {})
  expect(stub.calls).toEqual([...STEPS, 'releaseStaging'])
  expect(result).toMatchObject({ outcome: 'proven', bucket: 'test-1', tableCount: 1, copyTransferredBytes: 0 })
  expect(result.steps.map(({ name }) => name)).toEqual(STEPS)
  expect(result.backupId).toMatch(/^\d{8}T\d{6}Z-[0-9a-f]{8}$/)
})

test.each(STEPS)('a pipeline that fails at %s takes back what it made, newest first', async (failing) => {
  const stub = stubActivities(async (name) => {
    if (name === failing) throw ApplicationFailure.nonRetryable('the disk is full', 'DiskFull')
  })
  const failure = applicationFailure(await failureOf(runPipeline(stub, {})))
  expect(stub.calls).toEqual(callsWhenFailingAt(failing))
  expect(failure.type).toBe('DiskFull')
  expect(failure.message).toBe(`The step ${failing} failed. the disk is full`)
  const details = failure.details?.[0] as PipelineFailureDetails
  expect(details.failedStep).toBe(failing)
  expect(details.undone).toEqual(callsWhenFailingAt(failing).slice(STEPS.indexOf(failing) + 2))
})

test('an undo that fails is reported and does not stop the others', async () => {
  const stub = stubActivities(async (name) => {
    if (name === 'copy' || name === 'deleteUpload') throw ApplicationFailure.nonRetryable(`no ${name}`, 'Denied')
  })
  const details = applicationFailure(await failureOf(runPipeline(stub, {}))).details?.[0] as PipelineFailureDetails
  expect(details.undone).toEqual(['deleteCopy', 'releaseStaging', 'removeMysql'])
  expect(details.notUndone).toEqual([{ name: 'deleteUpload', why: 'no deleteUpload' }])
})

test('a failure that may pass is tried again', async () => {
  let failures = 2
  const stub = stubActivities(async (name) => {
    if (name === 'upload' && failures-- > 0) throw ApplicationFailure.retryable('reset by peer', 'Network')
  })
  const result = await runPipeline(stub, {})
  expect(result.outcome).toBe('proven')
  expect(stub.calls.filter((name) => name === 'upload')).toHaveLength(3)
})

test.each(STEPS)('a pipeline that is cancelled during %s takes back what it made', async (during) => {
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
  const stub = stubActivities(async (name) => {
    if (name !== during) return
    reach()
    await untilCancelled()
  })
  const error = await failureOf(runPipeline(stub, {}, reached))
  expect(error.cause).toBeInstanceOf(CancelledFailure)
  expect(stub.calls).toEqual(callsWhenFailingAt(during))
})

test.each([
  [{ rows: 5 }, /rows/],
  [{ sampleData: { kind: 'sysbench', rowsPerTable: -1 } }, /sampleData\.rowsPerTable/],
  [{ sampleData: { kind: 'sysbench', schema: "shop'" } }, /sampleData\.schema/],
  [{ sampleData: { kind: 'sysbench', schema: 'mysql' } }, /sampleData\.schema/],
])('the request %j is refused, naming the field, before anything is created', async (input, field) => {
  const stub = stubActivities()
  const failure = applicationFailure(await failureOf(runPipeline(stub, input)))
  expect(failure.type).toBe('InvalidRequest')
  expect(failure.message).toMatch(field)
  expect(stub.calls).toEqual([])
})
