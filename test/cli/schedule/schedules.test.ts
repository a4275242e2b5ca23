import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/activity'
import { backfillSchedule } from '../../../src/cli/schedule/backfill.ts'
import { createSchedule } from '../../../src/cli/schedule/create.ts'
import { deleteSchedule } from '../../../src/cli/schedule/delete.ts'
import { describeSchedule } from '../../../src/cli/schedule/describe.ts'
import { listSchedules } from '../../../src/cli/schedule/list.ts'
import { pauseSchedule, resumeSchedule } from '../../../src/cli/schedule/pause.ts'
import type { ScheduleView } from '../../../src/cli/schedule/read-schedule.ts'
import { triggerSchedule } from '../../../src/cli/schedule/trigger.ts'
import { readUnproven } from '../../../src/cli/schedule/unproven.ts'
import { type UpdateOptions, updateSchedule } from '../../../src/cli/schedule/update.ts'
import { PROVEN_SIGNAL, proofIdOf, UNPROVEN_QUERY } from '../../../src/domain/database-proof.ts'
import { backupIdSchema } from '../../../src/domain/names.ts'
import { KEYS } from '../../../src/temporal/search-attribute-keys.ts'
import { cliJson, cliText } from '../../support/cli-output.ts'
import { type StubActivities, stubActivities } from '../../support/stub-activities.ts'
import { failureOf, SETUP_MILLISECONDS, TestTemporal, untilCancelled } from '../../support/test-temporal.ts'
import { eventually } from '../../worker/support/eventually.ts'

/** A time that does not come while a test runs. */
const NEW_YEAR = ['0 0 1 1 *']
const EVERY_SECOND = ['* * * * * * *']
const HOUR_MILLISECONDS = 3_600_000

// The one that skips time has no schedules.
let temporal: TestTemporal

beforeAll(async () => {
  temporal = await TestTemporal.devServer()
}, SETUP_MILLISECONDS)

afterAll(async () => await temporal.stop())

/** A schedule of backups of a schema of its own, while a worker runs. */
class Nightly {
  readonly scheduleId = `nightly-${randomUUID()}`
  readonly schema = `shop-${randomUUID()}`
  readonly taskQueue: string

  constructor(taskQueue: string) {
    this.taskQueue = taskQueue
  }

  async create(options: object = {}): Promise<ScheduleView> {
    const request = { sampleData: { kind: 'none' }, schemas: [this.schema] }
    const all = { cron: NEW_YEAR, taskQueue: this.taskQueue, output: 'json', ...options } as const
    return await json(() => createSchedule('backup', this.scheduleId, request, all))
  }

  /** Has it start one now. @returns its workflow id */
  async trigger(): Promise<string> {
    const started = await json<{ workflowId: string }>(() => triggerSchedule(this.scheduleId, { output: 'json' }))
    return started.workflowId
  }

  /** Has it start one now, and waits for its end. */
  async run(): Promise<void> {
    const handle = temporal.environment.client.workflow.getHandle(await this.trigger())
    await handle.result().catch(() => undefined)
  }

  async describe(): Promise<ScheduleView> {
    return await json(() => describeSchedule(this.scheduleId, { output: 'json' }))
  }

  async update(options: Omit<UpdateOptions, 'output'>): Promise<ScheduleView> {
    return await json(() => updateSchedule(this.scheduleId, { ...options, output: 'json' }))
  }

  async delete(): Promise<void> {
    await text(() => deleteSchedule(this.scheduleId, { yes: true, output: 'table' }))
  }

  get database() {
    return { namespace: 's3-test', schemas: [this.schema] }
  }
}

async function json<Document>(command: () => Promise<void>): Promise<Document> {
  return await cliJson(temporal.environment.address, command)
}

async function text(command: () => Promise<void>): Promise<string> {
  return await cliText(temporal.environment.address, command)
}

async function withNightly(stub: StubActivities, during: (nightly: Nightly) => Promise<void>): Promise<void> {
  await temporal.runWith(stub, async (taskQueue) => {
    const nightly = new Nightly(taskQueue)
    await during(nightly)
    await nightly.delete().catch(() => undefined)
  })
}

/** Activities of which the upload fails as often as this says, in this order. */
function failing(outcomes: readonly ('fails' | 'ends well')[]): StubActivities {
  const left = [...outcomes]
  return stubActivities(async (name) => {
    if (name === 'upload' && left.shift() === 'fails') throw ApplicationFailure.nonRetryable('no route', 'Network')
  })
}

/** Activities whose dump waits until it is let go. */
function waiting() {
  const reached = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const stub = stubActivities(async (name) => {
    if (name !== 'dump') return
    reached.resolve()
    await go.promise
  })
  return { stub, reached: reached.promise, go: go.resolve }
}

describe('a schedule', () => {
  test('that is triggered leaves a proven backup, and says so', async () => {
    await withNightly(stubActivities(), async (nightly) => {
      const created = await nightly.create({ note: 'ask Ada', jitter: '5m', timeZone: 'Europe/Berlin' })
      expect(created).toMatchObject({
        kind: 'backup',
        what: `Backup of ${nightly.schema} in s3-test`,
        when: 'cron 0 0 1 1 *, Europe/Berlin, up to 5m later',
        note: 'ask Ada',
        settings: { pauseAfterFailures: 3, provenWithinHours: 26 },
        catchUpMilliseconds: 6 * HOUR_MILLISECONDS,
        next: expect.arrayContaining([expect.stringMatching(/-(12-31T23|01-01T00):/)]),
        runs: [],
      })
      await nightly.run()
      expect((await nightly.describe()).runs).toMatchObject([
        { status: 'COMPLETED', outcome: 'proven', backupId: expect.stringMatching(/^\d{8}T/) },
      ])
      const listed = await eventually(async () => {
        const schedules = await json<ScheduleView[]>(() => listSchedules({ output: 'json' }))
        const own = schedules.find(({ scheduleId }) => scheduleId === nightly.scheduleId)
        if (!own) throw new Error('it is not listed yet')
        return own
      })
      expect(listed).toMatchObject({
        runs: [{ outcome: 'proven' }],
        next: [expect.any(String), ...Array(9).fill(expect.any(String))],
      })
      expect(await text(() => listSchedules({ output: 'table' }))).toMatch(/nightly-.*Backup of shop-.*proven \d{8}T/)
    })
  })

  test('of a pruning and one of a drill start theirs', async () => {
    await temporal.runWith(stubActivities(), async (taskQueue) => {
      for (const [kind, request, outcome] of [
        ['prune', { bucket: 'test-1', rule: { daily: 7 } }, '1 would be deleted, 3 kept'],
        ['drill', { bucket: 'test-1' }, 'proven'],
      ] as const) {
        const scheduleId = `${kind}-${randomUUID()}`
        const options = { cron: NEW_YEAR, taskQueue, output: 'json' } as const
        const created = await json<ScheduleView>(() => createSchedule(kind, scheduleId, request, options))
        expect(created.settings).toEqual({ pauseAfterFailures: 3 })
        const { workflowId } = await json<{ workflowId: string }>(() => triggerSchedule(scheduleId, { output: 'json' }))
        await temporal.environment.client.workflow.getHandle(workflowId).result()
        const { runs } = await json<ScheduleView>(() => describeSchedule(scheduleId, { output: 'json' }))
        expect(runs).toMatchObject([{ status: 'COMPLETED', outcome }])
        await text(() => deleteSchedule(scheduleId, { yes: true, output: 'table' }))
      }
    })
  })

  test('starts nothing while the one before still runs', async () => {
    const { stub, reached, go } = waiting()
    await withNightly(stub, async (nightly) => {
      await nightly.create({ cron: EVERY_SECOND })
      await reached
      const { skippedWhileRunning } = await eventually(async () => {
        const schedule = await nightly.describe()
        expect(schedule.skippedWhileRunning).toBeGreaterThanOrEqual(2)
        return schedule
      })
      expect(skippedWhileRunning).toBeGreaterThanOrEqual(2)
      expect((await nightly.describe()).runs).toHaveLength(1)
      await expect(nightly.trigger()).rejects.toThrow(/still runs \(nightly-/)
      await text(() => pauseSchedule(nightly.scheduleId, { output: 'json' }))
      go()
    })
  })

  test('starts what was due in a time that has passed, one after the other', async () => {
    const { stub, reached, go } = waiting()
    await withNightly(stub, async (nightly) => {
      await nightly.create({ cron: ['0 2 * * *'] })
      const times = { from: '2026-01-01T00:00:00Z', to: '2026-01-04T00:00:00Z' }
      await text(() => backfillSchedule(nightly.scheduleId, { ...times, output: 'json' }))
      await reached
      expect((await nightly.describe()).runs).toHaveLength(1)
      go()
      const { runs } = await eventually(async () => {
        const schedule = await nightly.describe()
        expect(schedule.runs.map(({ outcome }) => outcome)).toEqual(Array(3).fill('proven'))
        return schedule
      })
      expect(runs.map(({ workflowId }) => workflowId.slice(-20))).toEqual([
        '2026-01-03T02:00:00Z',
        '2026-01-02T02:00:00Z',
        '2026-01-01T02:00:00Z',
      ])
    })
  })

  test('that is paused starts nothing by itself, until it is resumed', async () => {
    await withNightly(stubActivities(), async (nightly) => {
      await nightly.create({ cron: EVERY_SECOND, paused: true })
      await nightly.run()
      expect(await nightly.describe()).toMatchObject({ paused: true, runs: [{ outcome: 'proven' }] })
      await text(() => resumeSchedule(nightly.scheduleId, { note: 'mended', output: 'json' }))
      await eventually(async () => expect((await nightly.describe()).runs.length).toBeGreaterThan(1))
      const paused = await json(() => pauseSchedule(nightly.scheduleId, { note: 'no room', output: 'json' }))
      expect(paused).toMatchObject({ paused: true, note: 'no room' })
    })
  })

  test('is changed in what is named, and nothing else', async () => {
    await withNightly(stubActivities(), async (nightly) => {
      const options = {
        at: ['02:00'],
        on: 'mon-fri',
        timeZone: 'Europe/Berlin',
        jitter: '5m',
        note: 'ask Ada',
        catchUp: '2h',
      }
      const created = await nightly.create({ ...options, pauseAfter: 5 })
      const { request, ...same } = created
      expect(await nightly.update({ request: '{"threads": 8}' })).toEqual({
        ...same,
        request: { ...(request as object), threads: 8 },
      })
      expect(await nightly.update({ at: ['03:30'], pauseAfter: 0, catchUp: '1h', note: 'ask Bob' })).toMatchObject({
        when: 'at 03:30, Europe/Berlin, up to 5m later',
        settings: { pauseAfterFailures: 0, provenWithinHours: 26 },
        catchUpMilliseconds: HOUR_MILLISECONDS,
        note: 'ask Bob',
      })
      await expect(nightly.update({ request: '{"threads": 0}' })).rejects.toThrow(/threads/)
      await expect(nightly.update({ cron: ['rubbish'] })).rejects.toThrow(/does not understand when/)
      expect((await nightly.describe()).when).toMatch(/^at 03:30/)
    })
  })

  test('that is there already is not made anew, and one that is not there is not found', async () => {
    await withNightly(stubActivities(), async (nightly) => {
      await nightly.create()
      await expect(nightly.create()).rejects.toThrow(/There is a schedule nightly-.* already/)
      await nightly.delete()
      await expect(nightly.describe()).rejects.toThrow(/There is no schedule nightly-/)
    })
  })
})

describe('failures in a row', () => {
  test('pause a schedule, with a note that says which workflow failed last, and why', async () => {
    await withNightly(failing(['fails', 'fails', 'fails', 'ends well', 'fails']), async (nightly) => {
      await nightly.create()
      await nightly.run()
      await nightly.run()
      expect((await nightly.describe()).paused).toBe(false)
      await nightly.run()
      const { paused, note, runs } = await nightly.describe()
      expect(paused).toBe(true)
      expect(note).toContain(`Paused after 3 failures in a row. The last was the workflow ${runs[0]?.workflowId}: `)
      expect(note).toContain('The step upload failed. no route')
      expect(note).toContain(`holdfast schedule resume ${nightly.scheduleId}`)

      // As somebody would who has mended it. One that ends well is where the count begins anew.
      await nightly.run()
      await text(() => resumeSchedule(nightly.scheduleId, { output: 'json' }))
      await nightly.run()
      expect((await nightly.describe()).paused).toBe(false)
    })
  })

  test('are not in a row with one between them that ended well', async () => {
    await withNightly(failing(['fails', 'ends well', 'fails']), async (nightly) => {
      await nightly.create({ pauseAfter: 2 })
      for (const _ of [1, 2, 3]) await nightly.run()
      expect((await nightly.describe()).paused).toBe(false)
    })
  })

  test('are not broken by one that somebody cancels, which is none', async () => {
    const reached = Promise.withResolvers<void>()
    const outcomes = ['fails', 'waits', 'fails']
    const stub = stubActivities(async (name) => {
      if (name !== 'upload') return
      if (outcomes.shift() === 'fails') throw ApplicationFailure.nonRetryable('no route', 'Network')
      reached.resolve()
      await untilCancelled()
    })
    await withNightly(stub, async (nightly) => {
      await nightly.create({ pauseAfter: 2 })
      await nightly.run()
      const handle = temporal.environment.client.workflow.getHandle(await nightly.trigger())
      await reached.promise
      await handle.cancel()
      await failureOf(handle.result())
      expect((await nightly.describe()).paused).toBe(false)
      await nightly.run()
      expect(await nightly.describe()).toMatchObject({
        paused: true,
        note: expect.stringContaining('2 failures in a row'),
        runs: [{ status: 'FAILED' }, { status: 'CANCELLED' }, { status: 'FAILED' }],
      })
    })
  })

  test('may be one, or as many as there are', async () => {
    await withNightly(failing(['fails']), async (nightly) => {
      await nightly.create({ pauseAfter: 1 })
      await nightly.run()
      expect((await nightly.describe()).note).toMatch(/^Paused after a failure\. The last was the workflow/)
    })
    await withNightly(failing(Array(4).fill('fails')), async (nightly) => {
      await nightly.create({ pauseAfter: 0 })
      for (const _ of [1, 2, 3, 4]) await nightly.run()
      expect((await nightly.describe()).paused).toBe(false)
    })
  })

  test.each([
    ['prune', { bucket: 'test-1', rule: { daily: 7 } }, 'pruneBackups'],
    ['drill', { bucket: 'test-1' }, 'restore'],
  ] as const)('pause a schedule of a %s too', async (kind, request, step) => {
    const stub = stubActivities(async (name) => {
      if (name === step) throw ApplicationFailure.nonRetryable('no route', 'Network')
    })
    await temporal.runWith(stub, async (taskQueue) => {
      const scheduleId = `${kind}-${randomUUID()}`
      const options = { cron: NEW_YEAR, taskQueue, pauseAfter: 2, output: 'json' } as const
      await text(() => createSchedule(kind, scheduleId, request, options))
      for (const _ of [1, 2]) {
        const { workflowId } = await json<{ workflowId: string }>(() => triggerSchedule(scheduleId, { output: 'json' }))
        await temporal.environment.client.workflow
          .getHandle(workflowId)
          .result()
          .catch(() => undefined)
      }
      const { note, runs } = await json<ScheduleView>(() => describeSchedule(scheduleId, { output: 'json' }))
      expect(note).toMatch(/^Paused after 2 failures in a row\..*no route/)
      expect(runs).toMatchObject(Array(2).fill({ status: 'FAILED', outcome: expect.stringMatching(/no route/) }))
      await text(() => deleteSchedule(scheduleId, { yes: true, output: 'table' }))
    })
  })

  test('of a schedule that says nothing of them pause nothing', async () => {
    await temporal.runWith(failing(Array(4).fill('fails')), async (taskQueue) => {
      const { schedule, workflow } = temporal.environment.client
      const handle = await schedule.create({
        scheduleId: `by-hand-${randomUUID()}`,
        spec: {},
        action: { type: 'startWorkflow', workflowType: 'BackupPipeline', taskQueue, args: [{}] },
      })
      for (let runs = 1; runs <= 4; runs++) {
        await handle.trigger('SKIP')
        const workflowId = await eventually(async () => {
          const { recentActions } = (await handle.describe()).info
          expect(recentActions).toHaveLength(runs)
          return recentActions.at(-1)?.action.workflow.workflowId ?? ''
        })
        await workflow
          .getHandle(workflowId)
          .result()
          .catch(() => undefined)
      }
      expect((await handle.describe()).state.paused).toBe(false)
      await handle.delete()
    })
  })

  test('of a schedule that was deleted meanwhile end as they would', async () => {
    const { stub, reached, go } = waiting()
    const { upload } = stub.activities
    stub.activities.upload = async (input) => {
      await upload(input)
      throw ApplicationFailure.nonRetryable('no route', 'Network')
    }
    await withNightly(stub, async (nightly) => {
      await nightly.create({ pauseAfter: 1 })
      const handle = temporal.environment.client.workflow.getHandle(await nightly.trigger())
      await reached
      await nightly.delete()
      go()
      await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'Network' } })
    })
  })
})

describe('the saved query', () => {
  /** What a list of Temporal's says, which comes a little later. */
  async function unproven(databases: readonly string[]): Promise<string[]> {
    const found: string[] = []
    for await (const { typedSearchAttributes } of temporal.environment.client.workflow.list({
      query: UNPROVEN_QUERY,
    })) {
      found.push(typedSearchAttributes.get(KEYS.database) ?? '')
    }
    return found.filter((name) => databases.includes(name)).toSorted()
  }

  /** As the pipeline of another night would have told it. */
  async function provenHoursAgo(nightly: Nightly, hours: number): Promise<void> {
    const backupId = backupIdSchema().parse('20260131T235959Z-1a2b3c4d')
    const provenAt = Date.now() - hours * HOUR_MILLISECONDS
    const handle = temporal.environment.client.workflow.getHandle(proofIdOf(nightly.database))
    await handle.signal(PROVEN_SIGNAL, { backupId, bytes: 1, provenAt, workflowId: 'the night before' })
  }

  test('names the databases without a proven backup since yesterday: the one that failed, and the one that did not run', async () => {
    const failingFor: string[] = []
    const stub = stubActivities()
    const { dump } = stub.activities
    stub.activities.dump = async (input) => {
      if (input.schemas.some((schema) => failingFor.includes(schema))) {
        throw ApplicationFailure.nonRetryable('no route', 'Network')
      }
      return await dump(input)
    }
    await temporal.runWith(stub, async (taskQueue) => {
      const [proven, failed, idle] = [1, 2, 3].map(() => new Nightly(taskQueue)) as [Nightly, Nightly, Nightly]
      const all = [proven, failed, idle]
      const names = (nightlies: readonly Nightly[]) => nightlies.map(({ schema }) => `s3-test/${schema}`).toSorted()
      failingFor.push(failed.schema)
      for (const nightly of all) await nightly.create()
      // Two nights ago all was well, so last night's answer does not depend on whether there has ever been a backup.
      for (const nightly of all) await provenHoursAgo(nightly, 30)
      await proven.run()
      await failed.run()
      await eventually(async () => expect(await unproven(names(all))).toEqual(names([failed, idle])))

      const read = await readUnproven(temporal.environment.client, Date.now())
      const own = read.unproven.filter(({ database }) => names(all).includes(database))
      expect(own.map(({ database }) => database)).toEqual(names([failed, idle]))
      expect(own).toMatchObject(Array(2).fill({ withinHours: 26, backupId: '20260131T235959Z-1a2b3c4d' }))

      // Of what nobody backs up any more nothing is expected.
      await idle.delete()
      await eventually(async () => expect(await unproven(names(all))).toEqual(names([failed])))
      failingFor.length = 0
      await failed.run()
      await eventually(async () => expect(await unproven(names(all))).toEqual([]))
      await proven.delete()
      await failed.delete()
    })
  })

  test('needs a worker to turn, and the command does not', async () => {
    let nightly: Nightly | undefined
    await temporal.runWith(stubActivities(), async (taskQueue) => {
      nightly = new Nightly(taskQueue)
      await nightly.create({ provenWithin: '1h' })
      await nightly.run()
    })
    if (!nightly) throw new Error('it was not made')
    const name = `s3-test/${nightly.schema}`
    await eventually(async () => {
      const inTwoHours = await readUnproven(temporal.environment.client, Date.now() + 2 * HOUR_MILLISECONDS)
      expect(inTwoHours.unproven.map(({ database }) => database)).toContain(name)
    })
    const now = await readUnproven(temporal.environment.client, Date.now())
    expect(now.unproven.map(({ database }) => database)).not.toContain(name)
    await nightly.delete()
  })

  test('knows of a database as long as one of its schedules is there', async () => {
    await temporal.runWith(stubActivities(), async (taskQueue) => {
      const nightly = new Nightly(taskQueue)
      await nightly.create()
      const name = `s3-test/${nightly.schema}`
      const weekly = new Nightly(taskQueue)
      const request = { sampleData: { kind: 'none' }, schemas: [nightly.schema] }
      const options = { cron: NEW_YEAR, taskQueue, output: 'json' } as const
      await text(() => createSchedule('backup', weekly.scheduleId, request, options))
      await eventually(async () => {
        const ids: string[] = []
        for await (const { scheduleId } of temporal.environment.client.schedule.list({
          query: `HoldfastDatabase = '${name}'`,
        })) {
          ids.push(scheduleId)
        }
        expect(ids).toHaveLength(2)
      })
      await weekly.delete()
      const proof = temporal.environment.client.workflow.getHandle(proofIdOf(nightly.database))
      expect((await proof.describe()).raw.workflowExtendedInfo?.cancelRequested).toBeFalsy()
      await nightly.delete()
      await eventually(async () => expect((await proof.describe()).status.name).toBe('CANCELLED'))
    })
  })
})
