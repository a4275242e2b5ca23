import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/activity'
import type { WorkflowHandle } from '@temporalio/client'
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import type { WorkerOptions } from '@temporalio/worker'
import type { PauseScheduleInput } from '../../src/domain/step-inputs.ts'
import { type StubActivities, stubActivities } from '../support/stub-activities.ts'
import { applicationFailure, failureOf, SETUP_MILLISECONDS, TestTemporal } from '../support/test-temporal.ts'

/** What Temporal's scheduler writes on the workflows that it starts. */
const SCHEDULED_BY = 'TemporalScheduledById'
/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
const KEYWORD = 2
/** Workflows in a thread of their own, as a worker of the product has them: stack traces name the sources then. */
const WORKER_AS_USUAL = { debugMode: false }
const HOUR_MILLISECONDS = 3_600_000

// The server that skips time has no schedules: here is one night, as a schedule begins it. Several: test/cli/schedule.
let temporal: TestTemporal

beforeAll(async () => {
  temporal = await TestTemporal.skippingTime()
  const searchAttributes = { [SCHEDULED_BY]: KEYWORD }
  await temporal.environment.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes })
}, SETUP_MILLISECONDS)

afterAll(async () => await temporal.stop())

/** Activities of which the dump fails for good, and what a schedule was asked for. */
function failingNight(pauseSchedule: () => Promise<void> = async () => undefined) {
  const asked: PauseScheduleInput[] = []
  const stub = stubActivities(async (name) => {
    if (name === 'dump') throw ApplicationFailure.nonRetryable('the disk is full', 'DiskFull')
  })
  stub.activities.pauseSchedule = async (input) => {
    asked.push(input)
    await pauseSchedule()
    return { paused: true }
  }
  return { stub, asked }
}

/** Has a pipeline run as the schedule `nightly` starts it, for as long as `during` takes. */
async function night<Result>(
  stub: StubActivities,
  request: object,
  memo: Record<string, unknown>,
  during: (handle: WorkflowHandle) => Promise<Result>,
  workerOptions: Partial<WorkerOptions> = {},
): Promise<Result> {
  const run = async (taskQueue: string) => {
    const key = defineSearchAttributeKey(SCHEDULED_BY, SearchAttributeType.KEYWORD)
    const options = { taskQueue, workflowId: `nightly-${randomUUID()}`, args: [request], memo }
    return await during(
      await temporal.environment.client.workflow.start('BackupPipeline', {
        ...options,
        typedSearchAttributes: [{ key, value: 'nightly' }],
      }),
    )
  }
  return await temporal.runWith(stub, run, workerOptions)
}

async function lasted(handle: WorkflowHandle): Promise<number> {
  const { startTime, closeTime } = await handle.describe()
  return (closeTime?.getTime() ?? 0) - startTime.getTime()
}

test('a night on which nobody answers for a day has failed when the day is over', async () => {
  const { stub, asked } = failingNight()
  await night(stub, { onFailure: 'ask' }, { pauseAfterFailures: 1 }, async (handle) => {
    const failure = applicationFailure(await failureOf(handle.result()))
    expect(failure.type).toBe('DiskFull')
    expect(failure.details?.at(-1)).toEqual({ failuresInARow: 1 })
    expect(await lasted(handle)).toBeGreaterThanOrEqual(24 * HOUR_MILLISECONDS)
  })
  const why = expect.stringContaining('Nobody decided in time')
  expect(asked).toEqual([{ scheduleId: 'nightly', failuresInARow: 1, why }])
})

test('the first of three failures asks for nothing, and hands on that it was one', async () => {
  const { stub, asked } = failingNight()
  await night(
    stub,
    {},
    { pauseAfterFailures: 3 },
    async (handle) => {
      const failure = applicationFailure(await failureOf(handle.result()))
      expect(failure).toMatchObject({ type: 'DiskFull', message: 'The step dump failed. the disk is full' })
      expect(failure.details).toMatchObject([{ failedStep: 'dump' }, { failuresInARow: 1 }])
      expect(failure.failure?.stackTrace).toContain('src/workflows/pipeline-failure.ts')
    },
    WORKER_AS_USUAL,
  )
  expect(asked).toEqual([])
})

test('a request that is refused is a failure of the schedule too', async () => {
  const { stub, asked } = failingNight()
  await night(stub, { nonsense: 1 }, { pauseAfterFailures: 1 }, async (handle) => {
    expect(applicationFailure(await failureOf(handle.result())).type).toBe('InvalidRequest')
  })
  expect(asked).toMatchObject([{ why: expect.stringContaining('nonsense') }])
})

test.each([{}, { pauseAfterFailures: 0 }, { pauseAfterFailures: 'three' }])(
  'with the settings %j nothing is asked for',
  async (memo) => {
    const { stub, asked } = failingNight()
    await night(stub, {}, memo, async (handle) => {
      expect(applicationFailure(await failureOf(handle.result())).type).toBe('DiskFull')
    })
    expect(asked).toEqual([])
  },
)

test('a schedule that cannot be paused changes nothing of how the pipeline ends', async () => {
  const { stub, asked } = failingNight(async () => {
    throw new Error('Temporal is busy')
  })
  await night(stub, {}, { pauseAfterFailures: 1 }, async (handle) => {
    const failure = applicationFailure(await failureOf(handle.result()))
    expect(failure.message).toBe('The step dump failed. the disk is full')
    expect(await lasted(handle)).toBeLessThan(HOUR_MILLISECONDS / 10)
  })
  expect(asked.length).toBeGreaterThan(3)
})

test('a proof that cannot be told leaves the backup proven', async () => {
  const stub = stubActivities()
  let tries = 0
  stub.activities.tellProof = async () => {
    tries += 1
    throw new Error('Temporal is busy')
  }
  await night(stub, {}, {}, async (handle) => {
    expect(await handle.result()).toMatchObject({ outcome: 'proven' })
    expect(await lasted(handle)).toBeLessThan(HOUR_MILLISECONDS / 10)
  })
  expect(tries).toBeGreaterThan(3)
})
