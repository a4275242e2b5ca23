import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/activity'
import type { WorkflowHandle } from '@temporalio/client'
import { createNotifyActivities } from '../../src/activities/notify.ts'
import { PROVEN_SIGNAL } from '../../src/domain/database-proof.ts'
import { type Notification, notificationSchema, notifyIdOf } from '../../src/domain/notification.ts'
import { decideUpdate, progressQuery } from '../../src/workflows/messages.ts'
import { type NotifyFile, notification, notifyFile, SECRET } from '../notify/support/notifications.ts'
import { type Receiver, receiver, SECRET_PATH } from '../notify/support/receiver.ts'
import { FOUND_BACKUP, type StubActivities, stubActivities } from '../support/stub-activities.ts'
import { applicationFailure, failureOf, SETUP_MILLISECONDS, TestTemporal } from '../support/test-temporal.ts'
import { eventually } from '../worker/support/eventually.ts'

const HOUR_MILLISECONDS = 3_600_000
const SHOP = { sampleData: { kind: 'none' }, schemas: ['shop'] }
const BUCKET = 'test-123456789012'

// What real activities do takes its time, also where time is skipped.
jest.setTimeout(300_000)

let temporal: TestTemporal

beforeAll(async () => {
  temporal = await TestTemporal.skippingTime()
}, SETUP_MILLISECONDS)

afterAll(async () => await temporal.stop())

/** Activities that note what is announced. */
function listening(before?: (name: string) => Promise<void>) {
  const told: Notification[] = []
  const stub = stubActivities(before)
  stub.activities.announce = async (announced) => {
    told.push(notificationSchema().parse(announced))
    return { announced: true }
  }
  return { stub, told }
}

async function failing(step: string): Promise<(name: string) => Promise<void>> {
  return async (name) => {
    if (name === step) throw ApplicationFailure.nonRetryable('the disk is full', 'DiskFull')
  }
}

async function start(type: string, taskQueue: string, input: object): Promise<WorkflowHandle> {
  const options = { taskQueue, workflowId: `${type}-${randomUUID()}`, args: [input] }
  return await temporal.environment.client.workflow.start(type, options)
}

/** Runs a workflow to its end, well or not. */
async function ended(type: string, stub: StubActivities, input: object): Promise<WorkflowHandle> {
  return await temporal.runWith(stub, async (taskQueue) => {
    const handle = await start(type, taskQueue, input)
    await handle.result().catch(() => undefined)
    return handle
  })
}

async function lasted(handle: WorkflowHandle): Promise<number> {
  const { startTime, closeTime } = await handle.describe()
  return (closeTime?.getTime() ?? 0) - startTime.getTime()
}

describe('it is told', () => {
  test('that a backup is proven, with its size and times', async () => {
    const { stub, told } = listening()
    const handle = await ended('BackupPipeline', stub, SHOP)
    const { workflowId } = handle
    const { backupId } = await handle.result()
    expect(told).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}-proven$/),
        time: expect.any(Number),
        workflow: { type: 'BackupPipeline', workflowId, runId: expect.any(String) },
        request: 'Backup of shop in s3-test',
        database: 's3-test/shop',
        backupId,
        happening: {
          event: 'proven',
          bytes: 30,
          tables: 1,
          objects: 0,
          seconds: expect.any(Number),
          steps: expect.any(Array),
        },
      },
    ])
  })

  test('that a pipeline has failed, why, and what was taken back', async () => {
    const { stub, told } = listening(await failing('dump'))
    await ended('BackupPipeline', stub, SHOP)
    expect(told).toMatchObject([
      {
        database: 's3-test/shop',
        happening: {
          event: 'failed',
          type: 'DiskFull',
          why: 'The step dump failed. the disk is full',
          step: 'dump',
          undone: ['releaseStaging', 'removeMysql'],
          notUndone: [],
        },
      },
    ])
  })

  test.each([
    ['RestoreBackup', { bucket: BUCKET, schemas: { shop: 'shop_back' } }, 'restore'],
    ['DrillBackup', { bucket: BUCKET }, 'restore'],
    ['PruneBackups', { bucket: BUCKET, rule: { keepLast: 1 } }, 'pruneBackups'],
  ])('that a %s has failed', async (type, input, step) => {
    const { stub, told } = listening(await failing(step))
    await ended(type, stub, input)
    expect(told).toMatchObject([{ workflow: { type }, happening: { event: 'failed', type: 'DiskFull' } }])
  })

  test('that a drill has proven a backup once more', async () => {
    const { stub, told } = listening()
    await ended('DrillBackup', stub, { bucket: BUCKET })
    expect(told).toMatchObject([{ backupId: FOUND_BACKUP, happening: { event: 'proven', tables: 1 } }])
  })

  test.each(['BackupPipeline', 'RestoreBackup', 'DrillBackup', 'PruneBackups'])(
    'that a request for a %s was refused',
    async (type) => {
      const { stub, told } = listening()
      await ended(type, stub, { nonsense: 1 })
      expect(told).toMatchObject([{ happening: { event: 'failed', type: 'InvalidRequest' } }])
    },
  )

  test('each time that a pipeline asks, and until when, and how it went on', async () => {
    let left = 2
    const { stub, told } = listening(async (name) => {
      if (name === 'dump' && left-- > 0) throw ApplicationFailure.nonRetryable('no memory', 'OutOfMemory')
    })
    await temporal.run(stub, { ...SHOP, onFailure: 'ask', decisionHours: 2 }, async (handle) => {
      for (const round of [1, 2]) {
        const question = await eventually(async () => {
          const progress = await handle.query(progressQuery)
          if (!progress.question || told.length < round) throw new Error('it does not ask')
          return progress.question
        })
        expect(told.at(-1)?.happening).toEqual({
          event: 'asked',
          step: 'dump',
          why: 'no memory',
          answerBy: question.answerBy,
        })
        await handle.executeUpdate(decideUpdate, { args: [{ action: 'retry' }] })
      }
      await handle.result()
    })
    expect(told.map(({ happening }) => happening.event)).toEqual(['asked', 'asked', 'proven'])
    expect(new Set(told.map(({ id }) => id)).size).toBe(3)
  })

  test('once that a proof is too old', async () => {
    const { stub, told } = listening()
    await temporal.runWith(stub, async (taskQueue) => {
      const handle = await start('DatabaseProof', taskQueue, { namespace: 's3-test', schemas: ['shop'] })
      const provenAt = await temporal.environment.currentTimeMs()
      const last = { backupId: FOUND_BACKUP, bytes: 30, provenAt, workflowId: 'nightly' }
      await handle.signal(PROVEN_SIGNAL, last)
      await temporal.environment.sleep(50 * HOUR_MILLISECONDS)
      const { happening } = await eventually(async () => told[0] ?? Promise.reject(new Error('nothing was told')))
      expect(happening).toEqual({ event: 'unproven', withinHours: 26, provenAt })
      expect(told).toHaveLength(1)
      await handle.terminate()
    })
  })
})

test('a pipeline that somebody has cancelled is not told of', async () => {
  const { stub, told } = listening(async (name) => {
    if (name === 'dump') throw ApplicationFailure.nonRetryable('no memory', 'OutOfMemory')
  })
  await temporal.run(stub, { ...SHOP, onFailure: 'ask' }, async (handle) => {
    await eventually(async () => (told.length === 0 ? Promise.reject(new Error('it does not ask')) : undefined))
    await handle.cancel()
    await failureOf(handle.result())
  })
  expect(told.map(({ happening }) => happening.event)).toEqual(['asked'])
})

describe('a notification that cannot even be announced', () => {
  function mute(before?: (name: string) => Promise<void>) {
    const stub = stubActivities(before)
    stub.activities.announce = async () => {
      throw new Error('Temporal is busy')
    }
    return stub
  }

  test('leaves the backup proven, and holds it up for less than a minute', async () => {
    const handle = await ended('BackupPipeline', mute(), SHOP)
    expect(await handle.result()).toMatchObject({ outcome: 'proven' })
    expect(await lasted(handle)).toBeLessThan(HOUR_MILLISECONDS / 60)
  })

  test('leaves the failure as it is', async () => {
    const handle = await ended('BackupPipeline', mute(await failing('dump')), SHOP)
    expect(applicationFailure(await failureOf(handle.result()))).toMatchObject({ type: 'DiskFull' })
  })
})

describe('by the real activities', () => {
  let file: NotifyFile
  let open: Receiver[]

  beforeEach(async () => {
    file = await notifyFile()
    open = []
  })
  afterEach(async () => {
    await Promise.all(open.map((each) => each.close()))
    await file.remove()
  })

  async function opened(answer: Parameters<typeof receiver>[0]): Promise<Receiver> {
    const one = await receiver(answer)
    open.push(one)
    return one
  }

  function telling(before?: (name: string) => Promise<void>): StubActivities {
    const stub = stubActivities(before)
    return { ...stub, activities: { ...stub.activities, ...createNotifyActivities(file) } }
  }

  /** The workflow that tells how a pipeline ended. */
  async function notifying(pipeline: WorkflowHandle, event: string): Promise<WorkflowHandle> {
    const { runId } = await pipeline.describe()
    return temporal.environment.client.workflow.getHandle(notifyIdOf({ id: `${runId}-${event}` }))
  }

  test('a server that is down holds up neither the pipeline nor another target, and is told when it is back', async () => {
    let isUp = false
    const down = await opened((response) => response.writeHead(isUp ? 200 : 503).end())
    const up = await opened((response) => response.end())
    await file.write([
      { name: 'down', format: 'slack', url: down.url, on: ['failed'], secrets: [SECRET] },
      { name: 'up', format: 'cloudevents', url: up.url, on: ['failed', 'proven'], secrets: [SECRET] },
      { name: 'day', format: 'slack', url: up.url, on: ['proven'] },
    ])
    await temporal.runWith(telling(await failing('dump')), async (taskQueue) => {
      const pipeline = await start('BackupPipeline', taskQueue, SHOP)
      await failureOf(pipeline.result())
      const notify = await notifying(pipeline, 'failed')
      await eventually(async () => expect(down.received.length).toBeGreaterThan(0))
      await temporal.environment.sleep(3 * HOUR_MILLISECONDS)
      isUp = true
      expect(await notify.result()).toEqual({
        deliveries: [
          { target: 'down', state: 'delivered' },
          { target: 'up', state: 'delivered' },
        ],
      })
      expect(await lasted(notify)).toBeGreaterThan(3 * HOUR_MILLISECONDS)
      for (const handle of [pipeline, notify]) {
        const history = JSON.stringify(await handle.fetchHistory())
        for (const secret of [SECRET, SECRET_PATH, '127.0.0.1']) {
          expect(history).not.toContain(secret)
          expect(history).not.toContain(Buffer.from(secret).toString('base64').slice(0, 12))
        }
      }
    })
    expect(up.received).toHaveLength(1)
    expect(down.received.length).toBeGreaterThan(10)
    expect(new Set(down.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  })

  test('a target that refuses has its notification fail, by name, and keeps no other from being told', async () => {
    const refusing = await opened((response) => response.writeHead(404).end('no_service'))
    const up = await opened((response) => response.end('ok'))
    const target = { format: 'slack', on: ['proven'] }
    await file.write([
      { ...target, name: 'gone', url: refusing.url },
      { ...target, name: 'up', url: up.url },
    ])
    await temporal.runWith(telling(), async (taskQueue) => {
      const pipeline = await start('BackupPipeline', taskQueue, SHOP)
      expect(await pipeline.result()).toMatchObject({ outcome: 'proven' })
      const failure = applicationFailure(await failureOf((await notifying(pipeline, 'proven')).result()))
      expect(failure.type).toBe('NotDelivered')
      expect(failure.message).toBe('Not everybody could be told.\ngone answered with HTTP 404: no_service.')
    })
    expect([refusing.received.length, up.received.length]).toEqual([1, 1])
  })

  test('what is announced again is told once', async () => {
    const server = await opened((response) => response.end())
    await file.write([{ name: 'team', format: 'slack', url: server.url, on: ['failed', 'proven'] }])
    const stub = telling()
    const { announce } = stub.activities
    stub.activities.announce = async (announced) => {
      await announce(announced)
      return await announce(announced)
    }
    await temporal.runWith(stub, async (taskQueue) => {
      const pipeline = await start('BackupPipeline', taskQueue, SHOP)
      await pipeline.result()
      await (await notifying(pipeline, 'proven')).result()
    })
    expect(server.received).toHaveLength(1)
  })

  test('a file that cannot be understood keeps nothing from being told once it is mended', async () => {
    const server = await opened((response) => response.end())
    await file.write('targets: none')
    await temporal.runWith(telling(), async (taskQueue) => {
      const pipeline = await start('BackupPipeline', taskQueue, SHOP)
      await pipeline.result()
      const notify = await notifying(pipeline, 'proven')
      expect((await notify.describe()).status.name).toBe('RUNNING')
      await file.write([{ name: 'team', format: 'slack', url: server.url, on: ['proven'] }])
      await notify.result()
    })
    expect(server.received).toHaveLength(1)
  })

  test('where nobody wants to know, nothing is started', async () => {
    await file.write([{ name: 'team', format: 'slack', url: 'https://example.com/', on: ['failed'] }])
    await temporal.runWith(telling(), async (taskQueue) => {
      const pipeline = await start('BackupPipeline', taskQueue, SHOP)
      await pipeline.result()
      await expect((await notifying(pipeline, 'proven')).describe()).rejects.toThrow(/not found/i)
    })
  })

  test('it costs the history of a pipeline one event, beside the mark of its patch, whoever wants to know', async () => {
    const server = await opened((response) => response.end())
    const histories: { readonly length: number; readonly markers: string[] }[] = []
    for (const on of [['proven'], ['failed']]) {
      await file.write([{ name: 'team', format: 'slack', url: server.url, on }])
      const { events } = await (await ended('BackupPipeline', telling(), SHOP)).fetchHistory()
      const markers = (events ?? []).flatMap((event) => event.markerRecordedEventAttributes?.markerName ?? [])
      histories.push({ length: events?.length ?? 0, markers })
    }
    const [wanted, unwanted] = histories
    expect(wanted?.markers).toEqual(unwanted?.markers)
    expect(wanted?.markers.filter((name) => name === 'core_local_activity')).toHaveLength(1)
    // The aim of docs/performance.md.
    for (const { length } of histories) expect(length).toBeLessThan(120)
  })

  test('a test is one try, and its result says why it failed', async () => {
    const server = await opened((response) => response.writeHead(503).end())
    await file.write([{ name: 'team', format: 'slack', url: server.url, on: ['failed'] }])
    const input = { notification: notification({ event: 'test' }), patience: 'one try' }
    const handle = await ended('Notify', telling(), input)
    const why = 'team answered with HTTP 503.'
    expect(await handle.result()).toEqual({ deliveries: [{ target: 'team', state: 'failed', why }] })
    expect(server.received).toHaveLength(1)
  })

  test('what is no notification is refused', async () => {
    const failure = await failureOf((await ended('Notify', telling(), { notification: {} })).result())
    expect(applicationFailure(failure).type).toBe('InvalidRequest')
  })
})
