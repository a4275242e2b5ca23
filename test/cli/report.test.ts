import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/activity'
import { listBackups } from '../../src/catalog/catalog.ts'
import { proofKey, recordKey } from '../../src/catalog/catalog-keys.ts'
import type { BackupId } from '../../src/domain/names.ts'
import { TestBucket } from '../catalog/support/test-bucket.ts'
import { awsEnvironment } from '../lab/aws/support/aws-caller.ts'
import { type StandIn, startStandIn } from '../lab/aws/support/stand-in.ts'
import { putBackup } from '../report/support/catalog-with.ts'
import { ReportBrowser } from '../report/support/report-in-browser.ts'
import { stubActivities } from '../support/stub-activities.ts'
import { failureOf, TestTemporal } from '../support/test-temporal.ts'
import { eventually } from '../worker/support/eventually.ts'
import { runCli } from './support/run-cli.ts'

jest.setTimeout(300_000)

const SCHEMA = '<b>shop</b>'
const HOUR_MILLISECONDS = 3_600_000
const SECONDS = expect.stringMatching(/^\d.* s$/)
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MILLISECONDS)

let aws: StandIn
let bucket: TestBucket
let temporal: TestTemporal
let browser: ReportBrowser
let folder: string

let proven: BackupId
let different: BackupId
let unproven: BackupId

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-test-report-'))
  aws = await startStandIn()
  bucket = await TestBucket.of(aws)
  temporal = await TestTemporal.devServer()
  browser = await ReportBrowser.open()
  Object.assign(process.env, awsEnvironment(aws.endpoint, aws.caFile), {
    AWS_ACCESS_KEY_ID: aws.admin.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.admin.secretAccessKey,
    HOLDFAST_S3_PATH_STYLE: 'true',
    HOLDFAST_BUCKET: bucket.store.bucket,
    TEMPORAL_ADDRESS: temporal.environment.address,
    XDG_CACHE_HOME: folder,
  })
  await fillBucket()
}, 300_000)

afterAll(async () => {
  await browser?.close()
  await temporal?.stop()
  await aws?.stop()
  await rm(folder, { recursive: true })
})

async function fillBucket(): Promise<void> {
  const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()]
  const common = { schema: SCHEMA, bytes: 5_000_000 }
  const then = hoursAgo(48)
  different = await putBackup(bucket, {
    ...{ ...common, runId: first, startedAt: then },
    proofs: [
      [first, then, 'equal'],
      [randomUUID(), hoursAgo(40), 'different'],
    ],
  })
  const startedAt = hoursAgo(3)
  proven = await putBackup(bucket, { ...common, runId: second, startedAt, proofs: [[second, hoursAgo(2.5), 'equal']] })
  unproven = await putBackup(bucket, { schema: 'archive', bytes: 7000, runId: third, startedAt: hoursAgo(5) })
}

async function report(...words: string[]) {
  const file = join(folder, `${randomUUID()}.html`)
  const ended = await runCli('report', '--file', file, ...words)
  return { ...ended, text: await readFile(file, 'utf8').catch(() => '') }
}

test('what it shows is what the catalog has', async () => {
  const { exitCode, text } = await report('--no-temporal', '--daily', '1')
  expect(exitCode).toBe(0)
  const shown = await browser.show(text)
  const listed = (await listBackups(bucket.store)).map(({ backupId }) => backupId)
  expect(listed.toSorted()).toEqual([proven, different, unproven].toSorted())
  const tables = [`Backups of shop/${SCHEMA}, newest first`, 'Backups of shop/archive, newest first']
  const backups = (await Promise.all(tables.map((table) => shown.rows(table)))).flat()
  expect(backups.map(([id]) => id)).toEqual([proven, different, unproven])
  expect(await shown.rows(/^Databases/)).toMatchObject(
    [
      ['shop/archive', '✗ never proven', 'never', '26 h', /^5 h ago .* unproven$/, '7 kB', '1', '0'],
      [`shop/${SCHEMA}`, '✓ proven', /^2 h 30 min ago/, '26 h', /^3 h ago/, '5 MB', '2', '1'],
    ].map((row) => row.map((cell) => (cell instanceof RegExp ? expect.stringMatching(cell) : cell))),
  )
  expect(await shown.rows(/found different/)).toMatchObject([
    [expect.anything(), different, `1 difference the table ${SCHEMA}.t is missing`],
  ])
  expect(await shown.rows('Space by the rule that was named for this report')).toContainEqual([
    'daily',
    '1',
    '10 MB',
    '0 B',
  ])
  expect(await shown.page.locator('body').textContent()).toContain('Temporal was not asked')
})

test('what failed, what a restore took, what is expected and which schedule prunes, it has from Temporal', async () => {
  const taskQueue = randomUUID()
  await failAndDrill(taskQueue)
  const schedule = ['--cron', '0 0 1 1 *', '--task-queue', taskQueue, '--namespace', 'shop']
  await runCli('schedule', 'create', 'backup', taskQueue, ...schedule, '--schema', 'never backed up')
  await runCli('schedule', 'create', 'prune', 'tidy', ...schedule, '--keep-last', '1')

  await eventually(async () => {
    const { exitCode, text } = await report('--task-queue', taskQueue)
    expect(exitCode).toBe(0)
    const shown = await browser.show(text)
    expect(await shown.rows(/that failed$/)).toMatchObject([
      [
        expect.anything(),
        `${taskQueue} BackupPipeline`,
        `shop/${SCHEMA}`,
        'failed at dump',
        expect.stringContaining('No room on <the volume>'),
      ],
    ])
    expect((await shown.rows(/^Databases/)).map(([name, standing]) => [name, standing])).toContainEqual([
      'shop/never backed up',
      '✗ never proven',
    ])
    expect(await shown.rows(/^Drills and restores/)).toMatchObject([
      [expect.anything(), 'drill', `shop/${SCHEMA}`, proven, '✓ equal', SECONDS, SECONDS],
      [expect.anything(), 'drill', `shop/${SCHEMA}`, different, '✗ DIFFERENT', 'not kept', '–'],
    ])
    expect(await shown.rows('Space by the schedule tidy')).toContainEqual(['keepLast', '1', '10 MB', '0 B'])
    expect(await shown.page.locator('body').textContent()).toContain(
      "Temporal's namespace default keeps workflows that have ended for",
    )
  })
})

/** A pipeline that fails, and a drill of the proven backup that ends well. */
async function failAndDrill(taskQueue: string): Promise<void> {
  const { client } = temporal.environment
  const request = { namespace: 'shop', schemas: [SCHEMA], sampleData: { kind: 'none' } }
  const drillRequest = { bucket: bucket.store.bucket, namespace: 'shop' }
  const failing = stubActivities(async (name) => {
    if (name === 'dump') throw ApplicationFailure.nonRetryable('No room on <the volume>', 'VolumeFull')
  })
  await temporal.runOn(taskQueue, failing, async () => {
    const start = async (type: string, workflowId: string, input: object) => {
      return await client.workflow.start(type, { taskQueue, workflowId, args: [input] })
    }
    await failureOf((await start('BackupPipeline', taskQueue, request)).result())
    const drill = await start('DrillBackup', `${taskQueue}-drill`, drillRequest)
    await drill.result()
    // As the step verify writes it, which is a stub here.
    await bucket.put(proofKey(proven, new Date(), drill.firstExecutionRunId, 'equal'), '{}')
  })
}

describe('a record', () => {
  test('is read once, unless it is asked for anew', async () => {
    expect((await report('--no-temporal')).stderr).toBe('')
    await bucket.put(recordKey(unproven), '{}')
    const later = await report('--no-temporal')
    expect(later.stderr).toBe('')
    const anew = await report('--no-temporal', '--no-cache')
    expect(anew.stderr).toContain('1 record cannot be relied on')
    const shown = await browser.show(anew.text)
    expect(await shown.rows('Records that cannot be relied on')).toMatchObject([
      [unproven, expect.stringContaining(recordKey(unproven))],
    ])
  })
})

test.each([
  [['--time-zone', 'Nowhere'], /--time-zone: Nowhere/],
  [['--proven-within', 'soon'], /--proven-within: "soon"/],
  [['--daily', 'many'], /daily/],
])('%j is refused', async (words, why) => {
  const { exitCode, stderr, text } = await report('--no-temporal', ...words)
  expect(stderr).toMatch(why)
  expect([exitCode, text]).toEqual([2, ''])
})

test('to standard output it is the page and nothing else', async () => {
  const { stdout } = await runCli('report', '--no-temporal', '--file', '-')
  expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>$/)
})

test('where Temporal does not answer, it says how to go on, and writes nothing', async () => {
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  try {
    const { exitCode, stderr, text } = await report()
    expect(stderr).toMatch(/Temporal cannot be reached at 127\.0\.0\.1:1.*--no-temporal/s)
    expect([exitCode, text]).toEqual([1, ''])
  } finally {
    process.env.TEMPORAL_ADDRESS = temporal.environment.address
  }
})
