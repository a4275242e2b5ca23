import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity'
import { DEFAULT_STEPS } from '../support/default-steps.ts'
import { callsWhenFailingAt, type StubActivities, stubActivities } from '../support/stub-activities.ts'
import {
  applicationFailure,
  detailsOf,
  failureOf,
  SETUP_MILLISECONDS,
  TestTemporal,
  untilCancelled,
} from '../support/test-temporal.ts'

let temporal: TestTemporal

beforeAll(async () => {
  temporal = await TestTemporal.skippingTime()
}, SETUP_MILLISECONDS)

afterAll(async () => {
  await temporal.stop()
})

async function runPipeline(stub: StubActivities, input: unknown) {
  return await temporal.run(stub, input, (handle) => handle.result())
}

test('a pipeline runs its eight steps in order, releases its staging volume, and reports each step', async () => {
  const stub = stubActivities()
  const result = await runPipeline(stub, {})
  expect(stub.calls).toEqual([...DEFAULT_STEPS, 'releaseStaging'])
  expect(result).toMatchObject({ outcome: 'proven', bucket: 'test-1', tableCount: 1, copyTransferredBytes: 0 })
  expect(result.steps.map(({ name }) => name)).toEqual(DEFAULT_STEPS)
  expect(result.backupId).toMatch(/^\d{8}T\d{6}Z-[0-9a-f]{8}$/)
})

test.each(DEFAULT_STEPS)('a pipeline that fails at %s takes back what it made, newest first', async (failing) => {
  const stub = stubActivities(async (name) => {
    if (name === failing) throw ApplicationFailure.nonRetryable('the disk is full', 'DiskFull')
  })
  const failure = applicationFailure(await failureOf(runPipeline(stub, {})))
  expect(stub.calls).toEqual(callsWhenFailingAt(failing))
  expect(failure.type).toBe('DiskFull')
  expect(failure.message).toBe(`The step ${failing} failed. the disk is full`)
  const details = detailsOf(failure)
  expect(details.failedStep).toBe(failing)
  expect(details.undone).toEqual(callsWhenFailingAt(failing).slice(DEFAULT_STEPS.indexOf(failing) + 2))
})

test('a pipeline that fails tells where in its code', async () => {
  const run = async (taskQueue: string) =>
    failureOf((await temporal.start(taskQueue, { engine: 'unheard of' })).result())
  // Workflows in a thread of their own, as a worker of the product has them.
  const failure = applicationFailure(await temporal.runWith(stubActivities(), run, { debugMode: false }))
  expect(failure.failure?.stackTrace).toMatch(/src\/workflows\/backup-pipeline\.ts:\d+:\d+/)
})

test.each([
  [{}, undefined, 'mysqlsh'],
  [{ engine: 'mysqldump' }, 'mysqldump', 'mysqldump'],
  [{ staging: 'pod', engine: 'mysqlsh' }, 'mysqlsh', 'mysqlsh'],
  [{}, undefined, undefined],
] as const)(
  'with the request %j the dump is asked for %s, and restored by what it says that it is: %s',
  async (request, asked, said) => {
    const stub = stubActivities()
    const { dump, dumpAndUpload, restore } = stub.activities
    const wanted: unknown[] = []
    const restoredBy: unknown[] = []
    stub.activities.dump = async (input) => {
      wanted.push(input.engine)
      const dumped = await dump(input)
      return { ...dumped, answer: { ...dumped.answer, ...(said && { engine: said }) } }
    }
    stub.activities.dumpAndUpload = async (input) => {
      wanted.push(input.engine)
      const both = await dumpAndUpload(input)
      return { ...both, answer: { ...both.answer, dump: { ...both.answer.dump, ...(said && { engine: said }) } } }
    }
    stub.activities.restore = async (input) => {
      restoredBy.push(input.engine)
      return await restore(input)
    }
    await runPipeline(stub, request)
    expect([wanted, restoredBy]).toEqual([[asked], [said]])
  },
)

test('schemas that are there already are backed up without loading anything, each restored beside itself', async () => {
  const asked: unknown[] = []
  const stub = stubActivities()
  const note =
    <Input, Output>(activity: (input: Input) => Promise<Output>) =>
    async (input: Input) => {
      asked.push(input)
      return await activity(input)
    }
  stub.activities.dump = note(stub.activities.dump)
  stub.activities.restore = note(stub.activities.restore)
  const request = { sampleData: { kind: 'none' }, schemas: ['shop', 'a b'], encryption: 'age' }
  const result = await runPipeline(stub, request)
  expect(result.steps.map(({ name }) => name)).toEqual(DEFAULT_STEPS.filter((name) => name !== 'loadSampleData'))
  expect(asked).toMatchObject([
    { schemas: ['shop', 'a b'], encryption: 'age' },
    { schemaMapping: { shop: 'shop_restored', 'a b': 'a b_restored' } },
  ])
})

const IN_PODS = ['pod', 'stream'] as const

test.each(IN_PODS)(
  'with the staging "%s" dump and upload are one step, and there is no volume to release',
  async (staging) => {
    const stub = stubActivities()
    const asked: unknown[] = []
    const { dumpAndUpload } = stub.activities
    stub.activities.dumpAndUpload = async (input) => {
      asked.push(input)
      return await dumpAndUpload(input)
    }
    const result = await runPipeline(stub, { staging, threads: 3, encryption: 'age' })
    const steps = ['provision', 'deployMysql', 'loadSampleData', 'dumpAndUpload', 'copy', 'restore', 'verify']
    expect(stub.calls).toEqual(steps)
    expect(result.steps.map(({ name }) => name)).toEqual(steps)
    expect(asked).toMatchObject([
      { staging, threads: 3, encryption: 'age', bucket: 'test-1', schemas: ['sbtest'], backupId: result.backupId },
    ])
    expect(result).toMatchObject({
      lockedMilliseconds: 5,
      copies: [
        { prefix: 'backup1/x/', objects: 3, bytes: 30 },
        { prefix: 'backup2/x/', objects: 3, bytes: 30 },
      ],
    })
  },
)

test.each(IN_PODS)('with the staging "%s" a pipeline that fails deletes what it has uploaded', async (staging) => {
  const stub = stubActivities(async (name) => {
    if (name === 'dumpAndUpload') throw ApplicationFailure.nonRetryable('the disk is full', 'DiskFull')
  })
  const failure = applicationFailure(await failureOf(runPipeline(stub, { staging })))
  expect(stub.calls).toEqual([
    'provision',
    'deployMysql',
    'loadSampleData',
    'dumpAndUpload',
    'stopJobs',
    'deleteUpload',
    'removeMysql',
  ])
  expect(detailsOf(failure)).toMatchObject({ failedStep: 'dumpAndUpload', undone: ['deleteUpload', 'removeMysql'] })
})

test.each([
  ['upload', 'BackupSealed', {}, ['releaseStaging', 'removeMysql']],
  ['dumpAndUpload', 'BackupSealed', { staging: 'stream' }, ['removeMysql']],
  ['copy', 'RecordExists', {}, ['releaseStaging', 'removeMysql']],
  ['upload', 'BackupSealed', { onFailure: 'ask', decisionHours: 1 }, ['releaseStaging', 'removeMysql']],
])('a pipeline whose %s says %s leaves that backup as it is (%j)', async (step, type, request, undone) => {
  const stub = stubActivities(async (name) => {
    if (name === step) throw ApplicationFailure.nonRetryable('it has a record', type)
  })
  const failure = applicationFailure(await failureOf(runPipeline(stub, request)))
  expect(failure.type).toBe(type)
  expect(detailsOf(failure).undone).toEqual(undone)
  expect(stub.calls).not.toContain('deleteUpload')
  expect(stub.calls).not.toContain('deleteCopy')
})

test.each([
  ['after its data were loaded', {}, 700],
  ['once MySQL answers', { sampleData: { kind: 'none' }, schemas: ['sbtest'] }, 500],
])('the dump is told how large the database is %s', async (_, request, databaseBytes) => {
  const stub = stubActivities()
  const { deployMysql, loadSampleData, dump } = stub.activities
  const schemas: unknown[] = []
  const answering = <Answer extends object>(
    result: { answer: Answer; jobName: string; attempts: number },
    bytes: number,
  ) => ({
    ...result,
    answer: { ...result.answer, databaseBytes: bytes },
  })
  stub.activities.deployMysql = async (input) => {
    schemas.push(input.schemas)
    return answering(await deployMysql(input), 500)
  }
  stub.activities.loadSampleData = async (input) => answering(await loadSampleData(input), 700)
  let told: unknown
  stub.activities.dump = async (input) => {
    told = input.databaseBytes
    return await dump(input)
  }
  await runPipeline(stub, request)
  expect({ told, schemas }).toEqual({ told: databaseBytes, schemas: [['sbtest']] })
})

test('an undo that fails is reported and does not stop the others', async () => {
  const stub = stubActivities(async (name) => {
    if (name === 'copy' || name === 'deleteUpload') throw ApplicationFailure.nonRetryable(`no ${name}`, 'Denied')
  })
  const details = detailsOf(applicationFailure(await failureOf(runPipeline(stub, {}))))
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

test('a cancelled pipeline that cannot take everything back ends as failed, and says what is left', async () => {
  const reached = Promise.withResolvers<void>()
  const stub = stubActivities(async (name) => {
    if (name === 'deleteUpload') throw ApplicationFailure.nonRetryable('S3 is away')
    if (name !== 'upload') return
    reached.resolve()
    await untilCancelled()
  })
  await temporal.run(stub, {}, async (handle) => {
    await reached.promise
    await handle.cancel()
    const failure = applicationFailure(await failureOf(handle.result()))
    expect(failure).toMatchObject({ type: 'CancelledNotUndone', message: expect.stringContaining('S3 is away') })
    expect(detailsOf(failure)).toMatchObject({
      undone: ['releaseStaging', 'removeMysql'],
      notUndone: [{ name: 'deleteUpload', why: 'S3 is away' }],
    })
  })
})

test('a pipeline that is cancelled while its backup gets its record keeps that, and ends as cancelled', async () => {
  const reached = Promise.withResolvers<void>()
  const stub = stubActivities(async (name) => {
    if (name.startsWith('delete')) throw ApplicationFailure.nonRetryable('it has a record', 'BackupSealed')
    if (name !== 'copy') return
    reached.resolve()
    await untilCancelled()
  })
  await temporal.run(stub, {}, async (handle) => {
    await reached.promise
    await handle.cancel()
    expect((await failureOf(handle.result())).cause).toBeInstanceOf(CancelledFailure)
    expect(stub.calls).toEqual(callsWhenFailingAt('copy'))
  })
})

test.each(DEFAULT_STEPS)('a pipeline that is cancelled during %s takes back what it made', async (during) => {
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
  const stub = stubActivities(async (name) => {
    if (name !== during) return
    reach()
    await untilCancelled()
  })
  const run = temporal.run(stub, {}, async (handle) => {
    await reached
    await handle.cancel()
    return await handle.result()
  })
  const error = await failureOf(run)
  expect(error.cause).toBeInstanceOf(CancelledFailure)
  expect(stub.calls).toEqual(callsWhenFailingAt(during))
})

test.each([
  [{ rows: 5 }, /rows/],
  [{ sampleData: { kind: 'sysbench', rowsPerTable: -1 } }, /sampleData\.rowsPerTable/],
  [{ sampleData: { kind: 'sysbench', schema: 'shop ' } }, /sampleData\.schema/],
  [{ sampleData: { kind: 'sysbench', schema: 'mysql' } }, /sampleData\.schema/],
  [{ sampleData: { kind: 'none' } }, /schemas/],
  [{ staging: 'tape' }, /staging/],
  [{ staging: 'stream', steps: { upload: { maximumTries: 9 } } }, /steps.*"volume"/],
  [{ steps: { dumpAndUpload: { maximumTries: 9 } } }, /steps.*"stream"/],
  [{ schemas: [] }, /schemas/],
  [{ schemas: ['shop', 'shop'] }, /schemas.*twice/],
  [{ schemas: ['shop', 'sys'] }, /schemas\.1/],
  [{ schemas: ['shop', 'shop_restored'] }, /restoreSuffix.*over another/],
  [{ schemas: ['x'.repeat(60)] }, /restoreSuffix.*64/],
])('the request %j is refused, naming the field, before anything is created', async (input, field) => {
  const stub = stubActivities()
  const failure = applicationFailure(await failureOf(runPipeline(stub, input)))
  expect(failure.type).toBe('InvalidRequest')
  expect(failure.message).toMatch(field)
  expect(stub.calls).toEqual([])
})
