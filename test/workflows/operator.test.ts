import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/activity'
import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client'
import type { PipelineProgress } from '../../src/domain/progress.ts'
import type { StepInput } from '../../src/domain/step-inputs.ts'
import { decideUpdate, progressQuery } from '../../src/workflows/messages.ts'
import { callsWhenFailingAt, type StubActivities, stubActivities } from '../support/stub-activities.ts'
import { applicationFailure, detailsOf, failureOf, SETUP_MILLISECONDS, TestTemporal } from '../support/test-temporal.ts'
import { eventually } from '../worker/support/eventually.ts'

let temporal: TestTemporal

beforeAll(async () => {
  temporal = await TestTemporal.skippingTime()
}, SETUP_MILLISECONDS)

afterAll(async () => {
  await temporal.stop()
})

/** Steps of which the dump fails for good so many times. */
function failingDumps(failures: number): StubActivities {
  let left = failures
  return stubActivities(async (name) => {
    if (name === 'dump' && left-- > 0) throw ApplicationFailure.nonRetryable('it needed more than 1Gi', 'OutOfMemory')
  })
}

/** The pipeline when it asks. Time stands still meanwhile: it is skipped only while a result is waited for. */
async function asking(handle: WorkflowHandle): Promise<PipelineProgress> {
  return await eventually(async () => {
    const progress = await handle.query(progressQuery)
    if (!progress.question) throw new Error('it does not ask')
    return progress
  })
}

test('a pipeline that is not to ask takes back at once', async () => {
  const stub = failingDumps(1)
  await failureOf(temporal.run(stub, {}, (handle) => handle.result()))
  expect(stub.calls).toEqual(callsWhenFailingAt('dump'))
})

test('it shows what it asks, and a retry with more memory runs the step once more', async () => {
  const stub = failingDumps(1)
  const inputs: StepInput[] = []
  const { dump } = stub.activities
  const activities = {
    ...stub.activities,
    dump: async (input: Parameters<typeof dump>[0]) => {
      inputs.push(input)
      return await dump(input)
    },
  }
  const result = await temporal.run({ ...stub, activities }, { onFailure: 'ask' }, async (handle) => {
    const progress = await asking(handle)
    expect(progress).toMatchObject({ phase: 'asking', question: { step: 'dump', why: 'it needed more than 1Gi' } })
    const { typedSearchAttributes } = await handle.describe()
    expect(JSON.stringify(typedSearchAttributes)).toContain('asking')
    await handle.executeUpdate(decideUpdate, { args: [{ action: 'retry', memoryLimit: '2Gi' }] })
    return await handle.result()
  })
  expect(result.outcome).toBe('proven')
  expect(stub.calls.filter((name) => name === 'dump')).toHaveLength(2)
  expect(inputs.map(({ limits, round }) => ({ limits, round }))).toEqual([
    { limits: undefined, round: undefined },
    { limits: { memoryLimit: '2Gi' }, round: 1 },
  ])
})

test('it asks again where the step fails again', async () => {
  const stub = failingDumps(2)
  const result = await temporal.run(stub, { onFailure: 'ask' }, async (handle) => {
    for (const _ of [1, 2]) {
      await asking(handle)
      await handle.executeUpdate(decideUpdate, { args: [{ action: 'retry' }] })
    }
    return await handle.result()
  })
  expect(result.outcome).toBe('proven')
})

test('an operator may have everything taken back', async () => {
  const stub = failingDumps(1)
  const run = temporal.run(stub, { onFailure: 'ask' }, async (handle) => {
    await asking(handle)
    await handle.executeUpdate(decideUpdate, { args: [{ action: 'undo' }] })
    return await handle.result()
  })
  const failure = applicationFailure(await failureOf(run))
  expect(failure.type).toBe('OutOfMemory')
  expect(detailsOf(failure)).toMatchObject({ decision: 'undo', undone: ['releaseStaging', 'removeMysql'] })
  expect(stub.calls).toEqual(callsWhenFailingAt('dump'))
})

test('an operator may have everything kept', async () => {
  const stub = failingDumps(1)
  const run = temporal.run(stub, { onFailure: 'ask' }, async (handle) => {
    await asking(handle)
    await handle.executeUpdate(decideUpdate, { args: [{ action: 'keep' }] })
    return await handle.result()
  })
  const failure = applicationFailure(await failureOf(run))
  expect(failure.message).toContain('An operator had everything kept')
  expect(detailsOf(failure)).toMatchObject({ decision: 'keep', undone: [], kept: ['releaseStaging', 'removeMysql'] })
  expect(stub.calls).toEqual(['provision', 'deployMysql', 'loadSampleData', 'dump'])
})

test.each([
  [{ onFailure: 'ask' }, 24],
  [{ onFailure: 'ask', decisionHours: 2 }, 2],
])('where nobody answers to %j all is taken back after %i hours', async (request, hours) => {
  const stub = failingDumps(1)
  const seconds: (number | undefined)[] = []
  const run = temporal.run(stub, request, async (handle) => {
    return await handle.result().finally(async () => seconds.push(...(await timersOf(handle))))
  })
  const failure = applicationFailure(await failureOf(run))
  expect(seconds).toEqual([hours * 3600])
  expect(failure.message).toContain('Nobody decided in time')
  expect(detailsOf(failure).decision).toBe('nobodyAnswered')
  expect(stub.calls).toEqual(callsWhenFailingAt('dump'))
})

test('a pipeline that is cancelled while it asks takes back what it made', async () => {
  const stub = failingDumps(1)
  const run = temporal.run(stub, { onFailure: 'ask' }, async (handle) => {
    await asking(handle)
    await handle.cancel()
    return await handle.result()
  })
  await failureOf(run)
  expect(stub.calls).toEqual(callsWhenFailingAt('dump'))
})

describe('a decision is refused', () => {
  test.each([
    [{ action: 'shrug' }, 'InvalidDecision', /"action":"retry"/],
    [{ action: 'retry', memoryLimit: 'lots' }, 'InvalidDecision', /memoryLimit/],
    [{ action: 'undo', memoryLimit: '2Gi' }, 'InvalidDecision', /memoryLimit/],
    ['retry', 'InvalidDecision', /"action":"retry"/],
  ])('%j', async (decision, type, said) => {
    const stub = failingDumps(1)
    await temporal.run(stub, { onFailure: 'ask' }, async (handle) => {
      await asking(handle)
      const refused = await updateFailure(handle, decision)
      expect(refused.cause).toMatchObject({ type, message: expect.stringMatching(said) })
      // It still asks: nothing has come of the refused one.
      expect((await handle.query(progressQuery)).phase).toBe('asking')
      await handle.executeUpdate(decideUpdate, { args: [{ action: 'retry' }] })
      await handle.result()
    })
  })

  test('where nothing is asked', async () => {
    const reached = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const stub = stubActivities(async (name) => {
      if (name !== 'dump') return
      reached.resolve()
      await go.promise
    })
    await temporal.run(stub, { onFailure: 'ask' }, async (handle) => {
      await reached.promise
      expect((await updateFailure(handle, { action: 'retry' })).cause).toMatchObject({ type: 'NoQuestion' })
      go.resolve()
      await handle.result()
    })
  })
})

async function updateFailure(handle: WorkflowHandle, decision: unknown): Promise<WorkflowUpdateFailedError> {
  const error = await handle.executeUpdate(decideUpdate, { args: [decision] }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof WorkflowUpdateFailedError) return error
  throw new Error(`The update was not refused: ${String(error)}`)
}

/** For how long the timers of a pipeline were set, in seconds. */
async function timersOf(handle: WorkflowHandle): Promise<(number | undefined)[]> {
  const { events } = await handle.fetchHistory()
  return (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) =>
    timer ? [Number(timer.startToFireTimeout?.seconds)] : [],
  )
}
