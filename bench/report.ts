// Measures `holdfast report` over many backups in an S3 stand-in of its own: how long it takes, how large the page is, how soon Chromium
// has painted it.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import Table from 'cli-table3'
import { Command } from 'commander'
import pLimit from 'p-limit'
import { z } from 'zod'
import { proofKey, recordKey } from '../src/catalog/catalog-keys.ts'
import { recordText } from '../src/catalog/record-text.ts'
import { S3Store } from '../src/catalog/s3-store.ts'
import { CLI_NODE_FLAGS } from '../src/cli/process-settings.ts'
import type { BackupRecordBody } from '../src/domain/backup-record.ts'
import { backupIdOf } from '../src/domain/names.ts'
import { recordBody } from '../test/catalog/support/record-body.ts'
import { type StandIn, startStandIn } from '../test/lab/aws/support/stand-in.ts'
import { openBrowser } from '../test/support/browser.ts'
import { environmentOf, measuredRun } from './measured-command.ts'
import { wholeNumberFrom } from './whole-number.ts'

const BUCKET = 'bench'
const WRITTEN_AT_A_TIME = 8
const DAY_MILLISECONDS = 86_400_000
const FILES = 20
/** In the browser: when the first of the page's content was painted, in milliseconds after it was told to open it. */
const FIRST_PAINT = `new Promise((resolve) => {
  const note = (list) => list.getEntriesByName('first-contentful-paint').forEach(({ startTime }) => resolve(startTime))
  new PerformanceObserver(note).observe({ type: 'paint', buffered: true })
})`
const RULE = ['--daily', '14', '--weekly', '8', '--monthly', '12']

const program = new Command('report')
  .description('`holdfast report` over many backups, each a record and a proof.')
  .option('--backups <number>', 'how many', wholeNumberFrom(1), 5000)
  .option('--databases <number>', 'of how many databases', wholeNumberFrom(1), 20)
  .option('--rounds <number>', 'how many times each is measured', wholeNumberFrom(1), 5)
  .action(measure)

interface Options {
  readonly backups: number
  readonly databases: number
  readonly rounds: number
}

async function measure({ backups, databases, rounds }: Options): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-report-'))
  const aws = await startStandIn()
  try {
    await fill(aws, backups, databases)
    const file = join(folder, 'report.html')
    const environment = { ...environmentOf(aws, BUCKET), XDG_CACHE_HOME: folder }
    const report = [...CLI_NODE_FLAGS, 'src/cli/main.ts', 'report', '--no-temporal', '--file', file, ...RULE]
    const first = await measuredRun(report, environment)
    const later = []
    for (let round = 0; round < rounds; round++) later.push(await measuredRun(report, environment))
    const paints = await painted(file, rounds)
    const table = new Table({ head: ['', 'median', 'most'], style: { head: [], border: [] } })
    table.push(
      ['the first report, seconds', first.seconds.toFixed(2), ''],
      ['a later one, seconds', ...figures(later.map(({ seconds }) => seconds))],
      ['resident, MB', ...figures([first, ...later].map(({ bytes }) => bytes / 1e6))],
      ['size, MB', ((await stat(file)).size / 1e6).toFixed(2), ''],
      ['painted, seconds', ...figures(paints)],
    )
    console.log(`${backups} backups of ${databases} databases; ${rounds} rounds`)
    console.log(table.toString())
  } finally {
    await aws.stop()
    await rm(folder, { recursive: true })
  }
}

async function fill(aws: StandIn, backups: number, databases: number): Promise<void> {
  const s3 = aws.s3(aws.admin)
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration }))
  const store = new S3Store(s3, BUCKET)
  const limit = pLimit(WRITTEN_AT_A_TIME)
  const nights = Math.ceil(backups / databases)
  const write = async (index: number) => {
    const startedAt = new Date(Date.now() - (nights - Math.floor(index / databases)) * DAY_MILLISECONDS)
    const record = recordOf(startedAt, `shop_${index % databases}`)
    const provenAt = new Date(startedAt.getTime() + 300_000)
    await store.create(recordKey(record.backupId), recordText(record))
    await store.create(proofKey(record.backupId, provenAt, record.pipeline.runId, 'equal'), '{}')
  }
  await Promise.all(Array.from({ length: backups }, (_, index) => limit(() => write(index))))
  s3.destroy()
}

/** With as many files as a database of a few tables has. */
function recordOf(startedAt: Date, schema: string): BackupRecordBody {
  const runId = randomUUID()
  const bytes = 1_000_000 + Math.floor(Math.random() * 100_000)
  const names = Array.from({ length: FILES }, (_, index) => `${schema}.table_${index}.0001.sql.zst`)
  return {
    ...recordBody,
    backupId: backupIdOf(startedAt, runId),
    startedAt: startedAt.toISOString(),
    pipeline: { workflowId: `nightly-${schema}`, runId },
    request: { namespace: 'shop', schemas: [schema] },
    objects: names.map((name) => ({ name, bytes, sha256: '0'.repeat(64) })),
  }
}

/** Until Chromium shows the first of it, from when it was told to open the page: each time in a context of its own. */
async function painted(file: string, rounds: number): Promise<number[]> {
  const browser = await openBrowser()
  const seconds: number[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      const page = await browser.newPage()
      await page.goto(pathToFileURL(file).href)
      seconds.push(z.number().parse(await page.evaluate(FIRST_PAINT)) / 1000)
      await page.close()
    }
  } finally {
    await browser.close()
  }
  return seconds
}

function figures(numbers: readonly number[]): [string, string] {
  const sorted = numbers.toSorted((one, other) => one - other)
  const of = (index: number) => (sorted.at(index) ?? Number.NaN).toFixed(2)
  return [of(Math.floor(sorted.length / 2)), of(-1)]
}

await program.parseAsync()
