import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { pino } from 'pino'
import { S3Store } from '../../src/catalog/s3-store.ts'
import { Health } from '../../src/worker/health.ts'
import { startHealthServer } from '../../src/worker/health-server.ts'
import { ReportMaker } from '../../src/worker/report-maker.ts'
import { TestBucket } from '../catalog/support/test-bucket.ts'
import { readPages } from '../docs/support/documentation.ts'
import { awsEnvironment } from '../lab/aws/support/aws-caller.ts'
import { podCredentials } from '../lab/aws/support/pod-credentials.ts'
import { associate, createRole } from '../lab/aws/support/roles.ts'
import { type StandIn, startStandIn } from '../lab/aws/support/stand-in.ts'
import { putBackup } from '../report/support/catalog-with.ts'
import { TestTemporal } from '../support/test-temporal.ts'

jest.setTimeout(300_000)

/** The worker's. */
const SERVICE_ACCOUNT = 'holdfast/worker'

let aws: StandIn
let bucket: TestBucket
let temporal: TestTemporal
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-test-report-'))
  aws = await startStandIn()
  bucket = await TestBucket.of(aws)
  temporal = await TestTemporal.devServer()
  const runId = randomUUID()
  const proofs = [[runId, new Date(), 'equal'] as const]
  await putBackup(bucket, { runId, schema: 'shop', bytes: 7, startedAt: new Date(), proofs })
  await bucket.put('backup2/data', 'rows')
  await associate(aws, SERVICE_ACCOUNT, await createRole(aws, { name: 'report', statements: await documentedPolicy() }))
  // As EKS Pod Identity has it in a pod. The stand-in takes the service account's name for its token.
  await writeFile(join(folder, 'token'), SERVICE_ACCOUNT)
  Object.assign(process.env, awsEnvironment(aws.endpoint, aws.caFile), {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: aws.agent,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder, 'token'),
    HOLDFAST_S3_PATH_STYLE: 'true',
    TEMPORAL_ADDRESS: temporal.environment.address,
    XDG_CACHE_HOME: folder,
  })
}, 300_000)

afterAll(async () => {
  await temporal?.stop()
  await aws?.stop()
  await rm(folder, { recursive: true })
})

/** What docs/report.md says that the worker's role has to be allowed. */
async function documentedPolicy() {
  const page = (await readPages()).find(({ file }) => file === 'docs/report.md')
  const text = page?.blocks.find(({ language }) => language === 'json')?.text ?? ''
  return JSON.parse(text.replaceAll('<bucket>', bucket.store.bucket)).Statement
}

async function serve(name: string): Promise<{ ask: () => Promise<Response>; lines: string[] }> {
  const lines: string[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(line) })
  const reports = new ReportMaker({ bucket: name, taskQueue: 'holdfast' }, logger)
  const port = await startHealthServer(new Health(), 0, reports)
  return { ask: () => fetch(`http://127.0.0.1:${port}/report`), lines }
}

test('the worker serves the report with a role that may read the catalog, and no data; one for all who ask within a minute', async () => {
  const { ask, lines } = await serve(bucket.store.bucket)
  const answers = await Promise.all([ask(), ask()])
  const texts = await Promise.all(answers.map((answer) => answer.text()))
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect(answers[0]?.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(texts[0]).toContain('Every database has a proven backup that is young enough: 1 of 1.')
  expect(await (await ask()).text()).toBe(texts[0])
  expect(lines).toEqual([expect.stringContaining('Report made')])

  const { keys } = await podCredentials(aws.agent, SERVICE_ACCOUNT)
  const store = new S3Store(aws.s3(keys), bucket.store.bucket)
  await expect(store.readText('backup2/data')).rejects.toMatchObject({ name: 'AccessDenied' })
  await expect(store.create('catalog/new', 'x')).rejects.toMatchObject({ name: 'AccessDenied' })
})

test('what the role may not read is said to who asks, and in the log, and is tried again', async () => {
  const other = await TestBucket.of(aws)
  const { ask, lines } = await serve(other.store.bucket)
  for (let time = 1; time <= 2; time++) {
    const answer = await ask()
    expect(answer.status).toBe(503)
    expect(await answer.text()).toMatch(/^The report could not be made\. .*(Access ?Denied|not authorized)/i)
    expect(lines).toHaveLength(time)
  }
})

test('without a bucket there is no such page', async () => {
  const port = await startHealthServer(new Health(), 0)
  expect((await fetch(`http://127.0.0.1:${port}/report`)).status).toBe(404)
})
