import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/activity'
import type { RestoreResult } from '../../src/domain/restore-result.ts'
import { scratchNameOf } from '../../src/domain/scratch-name.ts'
import type { FindBackupInput, RestoreInput, SwapInput } from '../../src/domain/step-inputs.ts'
import { DRILL_STEPS, RESTORE_STEPS } from '../../src/domain/steps.ts'
import { FOUND_BACKUP, type StubActivities, stubActivities } from '../support/stub-activities.ts'
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

afterAll(async () => await temporal.stop())

type Kind = 'RestoreBackup' | 'DrillBackup'

async function start(kind: Kind, taskQueue: string, input: unknown) {
  const options = { taskQueue, workflowId: `restore-${randomUUID()}`, args: [input] }
  return await temporal.environment.client.workflow.start(kind, options)
}

async function run(kind: Kind, stub: StubActivities, input: unknown): Promise<RestoreResult> {
  return await temporal.runWith(stub, async (taskQueue) => (await start(kind, taskQueue, input)).result())
}

/** Stubs, and what restore and verify are told. */
function noting(before?: (name: string) => Promise<void>): { stub: StubActivities; told: RestoreInput[] } {
  const stub = stubActivities(before)
  const told: RestoreInput[] = []
  const { restore, verify } = stub.activities
  stub.activities.restore = async (input) => {
    told.push(input)
    return await restore(input)
  }
  stub.activities.verify = async (input) => {
    told.push(input)
    return await verify(input)
  }
  return { stub, told }
}

describe('what has dumped a backup', () => {
  test.each(['RestoreBackup', 'DrillBackup'] as const)('is what %s restores it by', async (kind) => {
    const { stub, told } = noting()
    const { findBackup } = stub.activities
    stub.activities.findBackup = async (input) => {
      const found = await findBackup(input)
      return { ...found, answer: { ...found.answer, engine: 'mysqlsh' } }
    }
    await run(kind, stub, { bucket: 'test-1' })
    expect(told.map(({ engine }) => engine)).toEqual(['mysqlsh', 'mysqlsh'])
  })

  test('is not said where the record is of before there was a choice', async () => {
    const { stub, told } = noting()
    await run('RestoreBackup', stub, { bucket: 'test-1' })
    expect(told.filter((input) => 'engine' in input)).toEqual([])
  })
})

describe('a restore', () => {
  test('is of the latest proven backup, all of it, into schemas of other names', async () => {
    const { stub, told } = noting()
    const result = await run('RestoreBackup', stub, { bucket: 'test-1' })
    expect(stub.calls).toEqual(RESTORE_STEPS.filter((step) => step !== 'swap'))
    const schemas = { shop: 'shop_recovered', 'a b': 'a b_recovered' }
    expect(result).toMatchObject({ backupId: FOUND_BACKUP, bucket: 'test-1', copy: 'backup2', schemas, tableCount: 1 })
    expect(told).toMatchObject(Array(2).fill({ schemaMapping: schemas, purpose: 'use', copy: 'backup2', tables: {} }))
  })

  test('may be of some schemas and tables, from the other copy, onto another server, whose MySQL is not deployed', async () => {
    const { stub, told } = noting()
    const asked: FindBackupInput[] = []
    const { findBackup } = stub.activities
    stub.activities.findBackup = async (input) => {
      asked.push(input)
      return await findBackup(input)
    }
    const server = { host: 'db.example.com', passwordSecret: 'other' }
    const tables = { shop: ['orders'] }
    const input = { bucket: 'test-1', backup: FOUND_BACKUP, copy: 'backup1', schemas: { shop: 'shop' }, tables, server }
    expect(await run('RestoreBackup', stub, input)).toMatchObject({ schemas: { shop: 'shop' }, copy: 'backup1' })
    expect(stub.calls).toEqual(['findBackup', 'restore', 'verify'])
    expect(asked).toMatchObject([{ backup: FOUND_BACKUP, schemas: ['shop'] }])
    const expected = {
      schemaMapping: { shop: 'shop' },
      tables,
      copy: 'backup1',
      server: { ...server, port: 3306, user: 'root' },
    }
    expect(told).toMatchObject([expected, expected])
  })

  test('over a schema that is there restores beside it, and exchanges the two when what came back was compared', async () => {
    const { stub, told } = noting()
    const swaps: SwapInput[] = []
    const { swap } = stub.activities
    stub.activities.swap = async (input) => {
      swaps.push(input)
      return await swap(input)
    }
    const result = await run('RestoreBackup', stub, { bucket: 'test-1', schemas: { shop: 'shop' }, ifExists: 'swap' })
    expect(stub.calls).toEqual(RESTORE_STEPS)
    const beside = { schemaMapping: { shop: expect.stringMatching(/^shop_new_[0-9a-f]{8}$/) }, purpose: 'use' }
    expect(told).toMatchObject([beside, beside])
    expect(swaps).toMatchObject([{ schemaMapping: { shop: 'shop' }, copy: 'backup2', backupId: FOUND_BACKUP }])
    expect(result).toMatchObject({ schemas: { shop: 'shop' }, setAside: { shop: expect.stringMatching(/^shop_old_/) } })
  })

  test('whose exchange fails is exchanged back before what was restored is dropped', async () => {
    const { stub } = noting(async (name) => {
      if (name === 'swap') throw ApplicationFailure.nonRetryable('The view v is missing.', 'VerificationFailed')
    })
    const input = { bucket: 'test-1', schemas: { shop: 'shop' }, ifExists: 'swap' }
    const failure = applicationFailure(await failureOf(run('RestoreBackup', stub, input)))
    expect(detailsOf(failure)).toMatchObject({
      failedStep: 'swap',
      undone: ['swapBack', 'dropRestored', 'removeMysql'],
    })
  })

  test.each([
    ['on its schema', 'shop2'],
    ['on a backup whose proof is restored into its schema', 'shop2_restored'],
  ])('waits for a pipeline that is at work %s, or is refused', async (_, target) => {
    const dumping = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const stub = stubActivities(async (name) => {
      if (name !== 'dump') return
      dumping.resolve()
      await go.promise
    })
    await temporal.runWith(stub, async (taskQueue) => {
      const pipeline = await temporal.start(taskQueue, { sampleData: { kind: 'none' }, schemas: ['shop2'] })
      await dumping.promise
      const input = { bucket: 'test-1', schemas: { shop: target } }
      const refused = await start('RestoreBackup', taskQueue, input)
      expect(applicationFailure(await failureOf(refused.result())).type).toBe('DatabaseBusy')
      expect(stub.calls).not.toContain('restore')
      const waiting = await start('RestoreBackup', taskQueue, { ...input, whenBusy: 'wait' })
      go.resolve()
      await pipeline.result()
      expect(await waiting.result()).toMatchObject({ schemas: { shop: target } })
    })
  })

  test('that fails drops what it has made, by the server and the purpose that it had', async () => {
    const { stub } = noting(async (name) => {
      if (name === 'verify') throw ApplicationFailure.nonRetryable('The table x has other rows.', 'VerificationFailed')
    })
    const dropped: unknown[] = []
    const { dropRestored } = stub.activities
    stub.activities.dropRestored = async (input) => {
      dropped.push(input)
      await dropRestored(input)
    }
    const input = { bucket: 'test-1', server: { host: 'db' }, schemas: { shop: 'shop2' } }
    const failure = applicationFailure(await failureOf(run('RestoreBackup', stub, input)))
    expect(failure.type).toBe('VerificationFailed')
    expect(detailsOf(failure)).toMatchObject({
      backupId: FOUND_BACKUP,
      failedStep: 'verify',
      undone: ['dropRestored'],
      notUndone: [],
    })
    expect(dropped).toMatchObject([{ schemas: ['shop2'], server: { host: 'db' }, purpose: 'use' }])
  })

  test('that finds no backup has made nothing, and takes nothing back', async () => {
    const stub = stubActivities(async (name) => {
      if (name === 'findBackup') throw ApplicationFailure.nonRetryable('There is no proven backup.', 'NoSuchBackup')
    })
    const failure = applicationFailure(await failureOf(run('RestoreBackup', stub, { bucket: 'test-1' })))
    expect(failure.message).toBe('The step findBackup failed. There is no proven backup.')
    expect(stub.calls).toEqual(['findBackup', 'stopJobs'])
  })

  test('of a schema that the backup does not hold is refused before anything is made', async () => {
    const stub = stubActivities()
    const input = { bucket: 'test-1', tables: { orders: ['x'] } }
    const failure = applicationFailure(await failureOf(run('RestoreBackup', stub, input)))
    expect(failure).toMatchObject({
      type: 'InvalidRequest',
      message: 'The backup holds no schema orders, but shop, a b.',
    })
    expect(stub.calls).toEqual(['findBackup', 'stopJobs'])
  })

  test('whose names would get too long is refused before anything is made', async () => {
    const stub = stubActivities()
    stub.activities.findBackup = async () => {
      return { jobName: 'hf', attempts: 1, answer: { backupId: FOUND_BACKUP, schemas: ['x'.repeat(60)], bytes: 1 } }
    }
    const failure = applicationFailure(await failureOf(run('RestoreBackup', stub, { bucket: 'test-1' })))
    expect(failure.type).toBe('InvalidRequest')
    expect(failure.message).toMatch(/1 to 64 characters/)
    expect(stub.calls).toEqual(['stopJobs'])
  })

  test.each([
    [{}, /bucket/],
    [{ bucket: 'test-1', backup: 'newest' }, /backup: a backup id looks like/],
    [{ bucket: 'test-1', schemas: { shop: 'mysql' } }, /belongs to MySQL/],
    [{ bucket: 'test-1', schemas: { a: 'c', b: 'c' } }, /two schemas would be restored into one/],
    [{ bucket: 'test-1', schemas: {} }, /names no schema/],
    [{ bucket: 'test-1', schemas: { a: 'b' }, tables: { c: ['d'] } }, /tables are chosen of a schema that is not/],
    [{ bucket: 'test-1', server: { host: '-x' } }, /is no name or address of a host/],
    [{ bucket: 'test-1', password: 'x' }, /password/],
  ])('with the request %j is refused', async (input, said) => {
    const stub = stubActivities()
    const failure = applicationFailure(await failureOf(run('RestoreBackup', stub, input)))
    expect(failure.type).toBe('InvalidRequest')
    expect(failure.message).toMatch(said)
    expect(stub.calls).toEqual([])
  })
})

describe('a drill', () => {
  test('restores under the own names into a MySQL of its own, for a proof, and removes it', async () => {
    const { stub, told } = noting()
    const runId = await temporal.runWith(stub, async (taskQueue) => {
      const handle = await start('DrillBackup', taskQueue, { bucket: 'test-1' })
      await handle.result()
      return handle.firstExecutionRunId
    })
    expect(stub.calls).toEqual([...DRILL_STEPS, 'removeScratch'])
    const schemaMapping = { shop: 'shop', 'a b': 'a b' }
    const server = { host: scratchNameOf(runId), passwordSecret: 'mysql' }
    expect(told).toMatchObject(Array(2).fill({ schemaMapping, server, purpose: 'proof' }))
  })

  test.each(DRILL_STEPS.slice(1))('that fails at %s removes its MySQL', async (failing) => {
    const stub = stubActivities(async (name) => {
      if (name === failing) throw ApplicationFailure.nonRetryable('no room', 'VolumeFull')
    })
    const failure = applicationFailure(await failureOf(run('DrillBackup', stub, { bucket: 'test-1' })))
    expect(detailsOf(failure)).toMatchObject({ failedStep: failing, undone: ['removeScratch'] })
    expect(stub.calls.slice(-2)).toEqual(['stopJobs', 'removeScratch'])
  })

  test('that is cancelled removes its MySQL', async () => {
    let begun: () => void = () => undefined
    const restoring = new Promise<void>((resolve) => {
      begun = resolve
    })
    const stub = stubActivities(async (name) => {
      if (name !== 'restore') return
      begun()
      await untilCancelled()
    })
    await temporal.runWith(stub, async (taskQueue) => {
      const handle = await start('DrillBackup', taskQueue, { bucket: 'test-1' })
      await restoring
      await handle.cancel()
      await failureOf(handle.result())
    })
    expect(stub.calls.slice(-2)).toEqual(['stopJobs', 'removeScratch'])
  })
})
