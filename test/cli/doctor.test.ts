import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { msToTs } from '@temporalio/common/lib/time.js'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker, type WorkerOptions } from '@temporalio/worker'
import { execa } from 'execa'
import { z } from 'zod'
import { type DiagnosisOptions, diagnose } from '../../src/cli/doctor/diagnose.ts'
import { doctorRequestOf } from '../../src/cli/doctor/doctor-options.ts'
import { findingLines } from '../../src/cli/doctor/finding-lines.ts'
import { CHECKS, type CheckName, type Finding, findingSchema } from '../../src/domain/doctor.ts'
import { parseDoctorRequest } from '../../src/domain/doctor-request.ts'
import { SEARCH_ATTRIBUTES } from '../../src/domain/search-attributes.ts'
import { workflowBundle } from '../../src/worker/workflow-bundle.ts'
import { stubActivities } from '../support/stub-activities.ts'
import { SETUP_MILLISECONDS } from '../support/test-temporal.ts'

const TEST_MILLISECONDS = 120_000
/** Nobody listens there. */
const NOBODY = '127.0.0.1:2'
const [STUBS, BROKEN, OTHER_VERSION, GONE] = ['doctor-stubs', 'doctor-broken', 'doctor-other-version', 'doctor-gone']
/** `INDEXED_VALUE_TYPE_TEXT` of Temporal's API. */
const TEXT = 1

const outputSchema = z.strictObject({ healthy: z.boolean(), findings: z.array(findingSchema()) })

/** A Temporal without the search attributes of a pipeline. */
let temporal: TestWorkflowEnvironment
const workers: { readonly worker: Worker; readonly running: Promise<void> }[] = []

beforeAll(async () => {
  const path = process.env.TEMPORAL_CLI ?? 'temporal'
  temporal = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path } } })
  const bundle = await workflowBundle()
  const { activities } = stubActivities()
  const examinePod = async () => ({ findings: [WRONG_PRIVILEGES] })
  await startWorker({ taskQueue: STUBS, workflowBundle: bundle, activities })
  await startWorker({ taskQueue: BROKEN, workflowBundle: bundle, activities: { ...activities, examinePod } })
  await startWorker({ taskQueue: GONE, workflowBundle: bundle, activities })
  const workflowsPath = fileURLToPath(new URL('support/other-workflows.ts', import.meta.url))
  await startWorker({ taskQueue: OTHER_VERSION, workflowsPath, activities })
}, SETUP_MILLISECONDS)

afterAll(async () => {
  for (const { worker } of workers) worker.shutdown()
  await Promise.all(workers.map(({ running }) => running))
  await temporal.teardown()
}, TEST_MILLISECONDS)

const WRONG_PRIVILEGES: Finding = {
  check: 'privileges',
  state: 'failed',
  found: "'u'@'%' lacks RELOAD on *.*.",
  remedy: "GRANT RELOAD ON *.* TO 'u'@'%';",
}

async function startWorker(options: WorkerOptions): Promise<void> {
  const worker = await Worker.create({ connection: temporal.nativeConnection, ...options })
  workers.push({ worker, running: worker.run() })
}

async function run(args: readonly string[]) {
  const env = { TEMPORAL_ADDRESS: temporal.address, NO_COLOR: '1' }
  return await execa(process.execPath, ['src/cli/main.ts', 'doctor', ...args], { env, reject: false })
}

/** What is found by whoever has this environment. */
async function findingsOf(
  taskQueue: string,
  environment: Readonly<Record<string, string>> = {},
  options: Partial<DiagnosisOptions> = {},
): Promise<Finding[]> {
  const before = process.env
  process.env = { ...before, TEMPORAL_ADDRESS: temporal.address, ...environment }
  try {
    const findings = await diagnose(parseDoctorRequest({}), { taskQueue, fix: false, takeUpSeconds: 2, ...options })
    expect(findings.map(({ check }) => check)).toEqual([...CHECKS])
    return findings
  } finally {
    process.env = before
  }
}

function failed(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ state }) => state === 'failed')
}

function skipped(findings: readonly Finding[]): CheckName[] {
  return findings.filter(({ state }) => state === 'skipped').map(({ check }) => check)
}

describe('a fault of Temporal, and no other, is found and named with its remedy', () => {
  test(
    'it cannot be reached',
    async () => {
      const findings = await findingsOf(STUBS, { TEMPORAL_ADDRESS: NOBODY }, { connectSeconds: 1 })
      expect(failed(findings)).toEqual([
        {
          check: 'temporal',
          state: 'failed',
          found: expect.stringMatching(`^cannot be reached at ${NOBODY}: `),
          remedy: expect.stringContaining('TEMPORAL_ADDRESS'),
        },
      ])
      expect(skipped(findings)).toEqual(CHECKS.slice(1))
    },
    TEST_MILLISECONDS,
  )

  test(
    'its settings cannot be read',
    async () => {
      const findings = await findingsOf(STUBS, { TEMPORAL_PROFILE: 'nobody' })
      expect(failed(findings)).toMatchObject([
        { check: 'temporal', found: expect.stringContaining("Profile 'nobody' not found") },
      ])
    },
    TEST_MILLISECONDS,
  )

  test(
    'it has no such namespace',
    async () => {
      const findings = await findingsOf(STUBS, { TEMPORAL_NAMESPACE: 'nowhere' })
      expect(failed(findings)).toEqual([
        {
          check: 'namespace',
          state: 'failed',
          found: 'there is no namespace "nowhere"',
          remedy: expect.stringContaining('temporal operator namespace create --namespace nowhere'),
        },
      ])
      expect(findings[0]?.found).toContain(`answers at ${temporal.address}`)
    },
    TEST_MILLISECONDS,
  )

  test(
    'it lacks search attributes; told to, the doctor registers them',
    async () => {
      const names = Object.values(SEARCH_ATTRIBUTES).join(', ')
      const before = await findingsOf(STUBS)
      expect(failed(before)).toMatchObject([{ check: 'searchAttributes', found: `missing: ${names}` }])
      expect(failed(before)[0]?.remedy).toMatch(
        /^holdfast doctor --fix, or: temporal operator search-attribute create --namespace default --name HoldfastDatabase --type Keyword/,
      )
      expect(skipped(before)).toEqual([])

      const fixing = await findingsOf(STUBS, {}, { fix: true })
      expect(failed(fixing)).toEqual([])
      expect(fixing[2]?.found).toBe(`${names} were missing, and are registered now`)

      const { stdout, exitCode } = await run(['--task-queue', STUBS, '--output', 'json'])
      const after = outputSchema.parse(JSON.parse(stdout))
      expect(after.findings.filter(({ state }) => state !== 'ok')).toEqual([])
      expect([after.healthy, exitCode]).toEqual([true, 0])
    },
    TEST_MILLISECONDS,
  )

  test(
    'it has a search attribute of another type',
    async () => {
      const namespace = 'mistyped'
      const { workflowService, operatorService } = temporal.connection
      await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') })
      await operatorService.addSearchAttributes({ namespace, searchAttributes: { HoldfastStep: TEXT } })
      const findings = await findingsOf(STUBS, { TEMPORAL_NAMESPACE: namespace }, { fix: true })
      expect(failed(findings)[0]).toMatchObject({
        check: 'searchAttributes',
        found: 'registered with another type: HoldfastStep, which has to be Keyword',
        remedy: expect.stringContaining('search-attribute remove --namespace mistyped --name HoldfastStep'),
      })
    },
    TEST_MILLISECONDS,
  )
})

describe('a fault of the worker, and no other, is found and named with its remedy', () => {
  test(
    'there is none',
    async () => {
      const findings = await findingsOf('nobodys', {}, { fix: true })
      expect(failed(findings)).toEqual([
        {
          check: 'worker',
          state: 'failed',
          found: 'no worker polls the task queue nobodys for workflows',
          remedy: expect.stringContaining('npm run worker'),
        },
      ])
      expect(skipped(findings)).toEqual(CHECKS.slice(4))
    },
    TEST_MILLISECONDS,
  )

  test(
    'there was one a moment ago',
    async () => {
      const gone = workers.findIndex(({ worker }) => worker.options.taskQueue === GONE)
      const [{ worker, running }] = workers.splice(gone, 1) as [(typeof workers)[number]]
      worker.shutdown()
      await running
      const findings = await findingsOf(GONE, {}, { fix: true })
      expect(failed(findings)).toMatchObject([
        { check: 'worker', found: expect.stringMatching(/^none has taken up the workflow doctor-/) },
      ])
    },
    TEST_MILLISECONDS,
  )

  test(
    'it is of another version',
    async () => {
      const findings = await findingsOf(OTHER_VERSION, {}, { fix: true })
      expect(failed(findings)).toMatchObject([
        { check: 'worker', found: expect.stringContaining('fails at the workflow DoctorCheck') },
      ])
      const query = `TaskQueue = '${OTHER_VERSION}' AND ExecutionStatus = 'Running'`
      expect(await temporal.client.workflow.count(query)).toMatchObject({ count: 0 })
    },
    TEST_MILLISECONDS,
  )
})

test(
  'for a person, each finding is a line, with another one for what to do',
  async () => {
    const { stdout, stderr, exitCode } = await run(['--task-queue', BROKEN, '--fix'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('Asking the worker')
    const lines = stdout.split('\n')
    expect(lines[1]).toBe('✔ Temporal\'s namespace: "default" is there')
    expect(lines).toEqual(
      expect.arrayContaining([
        "✖ MySQL privileges: 'u'@'%' lacks RELOAD on *.*.",
        "  → GRANT RELOAD ON *.* TO 'u'@'%';",
        '– MySQL: not looked at: it needs "MySQL privileges"',
      ]),
    )
    expect(lines.at(-1)).toMatch(/^1 wrong, \d+ not looked at\.$/)
  },
  TEST_MILLISECONDS,
)

test('what is asked for wrongly is refused, and nobody is asked', async () => {
  const { exitCode, stdout, stderr } = await run(['--bucket', 'X'])
  expect(stderr).toMatch(/bucket/)
  expect(stdout).toBe('')
  expect(exitCode).toBe(2)
})

describe('the request of its options', () => {
  const options = {
    namespace: 'shop',
    schema: [],
    clockSeconds: 5,
    patienceSeconds: 60,
    taskQueue: 'holdfast',
    output: 'table',
  } as const

  test.each([
    [{ namespace: 'Not a name' }, /namespace/],
    [{ schema: ['mysql'] }, /schemas/],
    [{ clockSeconds: Number.NaN }, /clockSeconds/],
    [{ patienceSeconds: 0 }, /patienceSeconds/],
    [{ server: '-' }, /server/],
  ])('names what is wrong: %j', (change, said) => {
    expect(() => doctorRequestOf({ ...options, ...change })).toThrow(said)
  })

  test('is about the MySQL of the namespace, unless one is named', () => {
    expect(doctorRequestOf(options)).not.toHaveProperty('server')
    expect(doctorRequestOf({ ...options, server: 'db:3307', user: 'backup' })).toMatchObject({
      server: { host: 'db', port: 3307, user: 'backup', passwordSecret: 'mysql', sslMode: 'PREFERRED' },
    })
  })

  test('is about another account of the same MySQL, if only that is named', () => {
    expect(doctorRequestOf({ ...options, user: 'backup', passwordSecret: 'backup' })).toMatchObject({
      server: { host: 'mysql', port: 3306, user: 'backup', passwordSecret: 'backup' },
    })
  })
})

test('a finding of several lines is told in one', () => {
  const finding = { check: 'pod', state: 'failed', found: 'one\n  two', remedy: 'three\nfour' } as const
  expect(findingLines(finding).split('\n')).toEqual([
    expect.stringMatching(/✖.* Pod: one two$/),
    expect.stringMatching(/^ {2}→ three four$/),
  ])
})
