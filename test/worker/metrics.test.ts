import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/activity'
import { Runtime } from '@temporalio/worker'
import { pino } from 'pino'
import { runJob } from '../../src/activities/run-job.ts'
import { endExpectation, expectProof } from '../../src/cli/schedule/expected-proofs.ts'
import { dumpAnswerSchema } from '../../src/domain/step-answers.ts'
import { DatabaseGauges } from '../../src/worker/database-gauges.ts'
import { installRuntime } from '../../src/worker/install-runtime.ts'
import { publishMetrics } from '../../src/worker/publish-metrics.ts'
import { decideUpdate } from '../../src/workflows/messages.ts'
import { freePorts } from '../support/free-ports.ts'
import { type Sample, sampleValue, scrape } from '../support/prometheus-text.ts'
import { type StubActivities, stubActivities } from '../support/stub-activities.ts'
import { failingOnceJobs } from '../support/stub-jobs.ts'
import { SETUP_MILLISECONDS, TestTemporal } from '../support/test-temporal.ts'
import { eventually } from './support/eventually.ts'

jest.setTimeout(60_000)

const HOUR_SECONDS = 3600

/** What the workers log. */
const lines: string[] = []

let port: number
let temporal: TestTemporal

beforeAll(async () => {
  const [free = 0] = await freePorts(1)
  port = free
  // Before anything else of the SDK: one process has one.
  installRuntime(pino({}, { write: (line: string) => void lines.push(line) }), port)
  temporal = await TestTemporal.devServer()
}, SETUP_MILLISECONDS)

afterAll(async () => await temporal.stop())

/** A database that is no other test's. */
function ownDatabase() {
  const schemas = [`shop-${randomUUID()}`]
  return { database: { namespace: 's3-test', schemas }, name: `s3-test/${schemas[0]}` }
}

async function start(type: string, taskQueue: string, input: object) {
  const options = { taskQueue, workflowId: `${type}-${randomUUID()}`, args: [input] }
  return await temporal.environment.client.workflow.start(type, options)
}

async function run(type: string, taskQueue: string, input: object): Promise<void> {
  const handle = await start(type, taskQueue, input)
  await handle.result().catch(() => undefined)
}

function gaugesOf(taskQueue: string): DatabaseGauges {
  const meter = Runtime.instance().metricMeter.withTags({ taskQueue })
  return new DatabaseGauges(temporal.environment.client, taskQueue, meter)
}

/** What the gauges show of a database when Temporal's lists have come so far. */
async function shown(gauges: DatabaseGauges, expectation: (samples: readonly Sample[]) => void): Promise<void> {
  await eventually(async () => {
    await gauges.refresh()
    expectation(await scrape(port))
  })
}

function failingAt(step: string): StubActivities {
  return stubActivities(async (name) => {
    if (name === step) throw ApplicationFailure.nonRetryable('no route', 'Network')
  })
}

test('what has ended is counted: workflows, steps, Jobs and those that were tried again, rows, bytes, prunings', async () => {
  let uploads = 'well'
  const stub = stubActivities(async (name) => {
    if (name === 'upload' && uploads === 'badly') throw ApplicationFailure.nonRetryable('no route', 'Network')
  })
  const { schemas } = ownDatabase().database
  const answer = {
    tables: 1,
    rows: 2,
    bytes: 30,
    files: 3,
    lockedMilliseconds: 5,
    withoutSnapshots: { tables: 0, lockedMilliseconds: 0 },
  }
  const jobs = failingOnceJobs(answer)
  const settings = { namespace: 's3-test', image: 'tools', env: {} }
  const dump: StubActivities['activities']['dump'] = async (input) =>
    await runJob(jobs, input, { purpose: 'dump', manifest: 'dump', settings, answer: dumpAnswerSchema() })
  let queue = ''
  await temporal.runWith({ ...stub, activities: { ...stub.activities, dump } }, async (taskQueue) => {
    queue = taskQueue
    await run('BackupPipeline', taskQueue, { sampleData: { kind: 'none' }, schemas })
    await run('PruneBackups', taskQueue, { bucket: 'shop-backups', rule: { keepLast: 1 }, mode: 'delete' })
    await run('PruneBackups', taskQueue, { bucket: 'shop-backups', rule: { keepLast: 1 } })
    uploads = 'badly'
    await run('BackupPipeline', taskQueue, { sampleData: { kind: 'none' }, schemas })
  })

  const samples = await scrape(port)
  const value = (name: string, labels: Readonly<Record<string, string>>) =>
    sampleValue(samples, name, { taskQueue: queue, namespace: 'default', ...labels })
  const workflowType = 'BackupPipeline'
  expect(value('holdfast_workflows_total', { workflowType, outcome: 'proven' })).toBe(1)
  expect(value('holdfast_workflows_total', { workflowType, outcome: 'failed' })).toBe(1)
  expect(value('holdfast_workflows_total', { workflowType: 'PruneBackups', outcome: 'done' })).toBe(2)
  expect(value('holdfast_step_duration_seconds_count', { step: 'upload', outcome: 'done' })).toBe(1)
  expect(value('holdfast_step_duration_seconds_count', { step: 'upload', outcome: 'failed' })).toBe(1)
  expect(value('holdfast_step_duration_seconds_bucket', { step: 'upload', outcome: 'done', le: '86400' })).toBe(1)
  expect(value('holdfast_jobs_total', { purpose: 'dump', outcome: 'DeadlineExceeded' })).toBe(1)
  expect(value('holdfast_jobs_total', { purpose: 'dump', outcome: 'complete' })).toBe(2)
  expect(value('holdfast_job_retries_total', { purpose: 'dump' })).toBe(1)
  expect(value('holdfast_dumped_rows_total', { database: `s3-test/${schemas}` })).toBe(2)
  expect(value('holdfast_uploaded_bytes_total', { database: `s3-test/${schemas}` })).toBe(30)
  expect(value('holdfast_pruned_backups_total', { bucket: 'shop-backups' })).toBe(1)
})

test('the end of a step is a line of the log with the ids of its workflow and its Job', async () => {
  let workflowId = ''
  await temporal.runWith(failingAt('copy'), async (taskQueue) => {
    const pipeline = await start('BackupPipeline', taskQueue, { sampleData: { kind: 'none' }, schemas: ['shop'] })
    workflowId = pipeline.workflowId
    await pipeline.result().catch(() => undefined)
  })
  // The SDK holds lines back for a moment, to sort them.
  await eventually(async () => {
    const told = lines.map((line): object => JSON.parse(line))
    const ids = { workflowId, runId: expect.any(String), workflowType: 'BackupPipeline' }
    const done = {
      msg: 'A step is done',
      step: 'upload',
      jobName: 'hf-upload',
      attempts: 1,
      seconds: expect.any(Number),
    }
    expect(told).toContainEqual(expect.objectContaining({ ...ids, ...done }))
    expect(told).toContainEqual(
      expect.objectContaining({ ...ids, msg: 'A step failed', step: 'copy', why: 'no route' }),
    )
  })
})

test("a worker that has seen nothing shows a database's last proof, and by when the next is due; 0 when none is expected any more", async () => {
  const { database, name } = ownDatabase()
  const { client } = temporal.environment
  await temporal.runWith(stubActivities(), async (taskQueue) => {
    await expectProof(client, { database, withinHours: 26, taskQueue })
    const { startTime } = await client.workflow.getHandle(`holdfast-proof:${name}`).describe()
    const gauges = gaugesOf(taskQueue)
    await shown(gauges, (samples) => {
      expect(sampleValue(samples, 'holdfast_database_proven_timestamp_seconds', { database: name })).toBe(0)
      const due = sampleValue(samples, 'holdfast_database_proof_due_timestamp_seconds', { database: name })
      expect(due).toBeCloseTo(startTime.getTime() / 1000 + 26 * HOUR_SECONDS, 2)
      expect(sampleValue(samples, 'holdfast_database_backup_bytes', { database: name })).toBeUndefined()
    })

    const before = Date.now() / 1000
    await run('BackupPipeline', taskQueue, { sampleData: { kind: 'none' }, schemas: database.schemas })
    await shown(gauges, (samples) => {
      const provenAt = sampleValue(samples, 'holdfast_database_proven_timestamp_seconds', { database: name }) ?? 0
      expect(provenAt).toBeGreaterThan(before - 1)
      const due = sampleValue(samples, 'holdfast_database_proof_due_timestamp_seconds', { database: name })
      expect(due).toBeCloseTo(provenAt + 26 * HOUR_SECONDS, 2)
      expect(sampleValue(samples, 'holdfast_database_backup_bytes', { database: name })).toBe(30)
    })

    await endExpectation(client, database, 'deleted')
    await shown(gauges, (samples) => {
      expect(sampleValue(samples, 'holdfast_database_proof_due_timestamp_seconds', { database: name })).toBe(0)
    })
  })
})

test('who waits for an answer shows for as long as they wait', async () => {
  const { database, name } = ownDatabase()
  await temporal.runWith(failingAt('upload'), async (taskQueue) => {
    const request = { sampleData: { kind: 'none' }, schemas: database.schemas, onFailure: 'ask' }
    const asking = await start('BackupPipeline', taskQueue, request)
    const gauges = gaugesOf(taskQueue)
    const questions = (samples: readonly Sample[]) =>
      sampleValue(samples, 'holdfast_database_questions', { taskQueue, database: name })
    await shown(gauges, (samples) => expect(questions(samples)).toBe(1))
    await asking.executeUpdate(decideUpdate, { args: [{ action: 'undo' }] })
    await asking.result().catch(() => undefined)
    await shown(gauges, (samples) => expect(questions(samples)).toBe(0))
  })
})

test('of drills, the last one that proved a backup and the last one that failed; those of another task queue do not show', async () => {
  const drill = { bucket: 'shop-backups' }
  let ends = 'well'
  const stub = stubActivities(async (name) => {
    if (name === 'verify' && ends === 'badly') throw ApplicationFailure.nonRetryable('no route', 'Network')
  })
  let queue = ''
  await temporal.runWith(stub, async (taskQueue) => {
    queue = taskQueue
    await run('DrillBackup', taskQueue, drill)
    ends = 'badly'
    await run('DrillBackup', taskQueue, drill)
  })
  await temporal.runWith(stubActivities(), async (other) => await run('DrillBackup', other, drill))
  const times = (samples: readonly Sample[]) =>
    ['proven', 'failed'].map(
      (how) =>
        sampleValue(samples, `holdfast_database_drill_${how}_timestamp_seconds`, {
          taskQueue: queue,
          database: 's3-test/shop,a b',
        }) ?? 0,
    )
  await shown(gaugesOf(queue), (samples) => {
    const [proven = 0, failed = 0] = times(samples)
    expect(proven).toBeGreaterThan(0)
    expect(failed).toBeGreaterThan(proven)
  })
})

test('a worker shows from its start what may be counted, so that the first of each is an increase; told to stop, it does', async () => {
  const stop = new AbortController()
  const connection = temporal.environment.nativeConnection
  const publishing = publishMetrics({ connection, namespace: 'default' }, 'idle', pino({ enabled: false }), stop.signal)
  await eventually(async () => {
    const samples = await scrape(port)
    expect(sampleValue(samples, 'holdfast_lists_read_timestamp_seconds', { taskQueue: 'idle' })).toBeGreaterThan(0)
    const labels = { taskQueue: 'idle', workflowType: 'DrillBackup', outcome: 'failed' }
    expect(sampleValue(samples, 'holdfast_workflows_total', labels)).toBe(0)
    expect(sampleValue(samples, 'holdfast_worker_start_timestamp_seconds', { taskQueue: 'idle' })).toBeGreaterThan(0)
  })
  stop.abort()
  await publishing
})
