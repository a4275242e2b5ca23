import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import type { CheckName, DoctorResult, Finding } from '../../src/domain/doctor.ts'
import type { ExamineVolumeInput } from '../../src/domain/doctor-activities.ts'
import type { Activities } from '../../src/domain/step-inputs.ts'
import type { DoctorCheck } from '../../src/workflows/index.ts'
import { type StubActivities, stubActivities } from '../support/stub-activities.ts'
import { FOUND_BYTES } from '../support/stub-doctor.ts'
import {
  applicationFailure,
  failureOf,
  SETUP_MILLISECONDS,
  TestTemporal,
  untilCancelled,
} from '../support/test-temporal.ts'
import { eventually } from '../worker/support/eventually.ts'

const HOUR_MILLISECONDS = 3_600_000

let temporal: TestTemporal

beforeAll(async () => {
  temporal = await TestTemporal.skippingTime()
}, SETUP_MILLISECONDS)

afterAll(async () => await temporal.stop())

/** What Temporal's clock says, whose time is skipped. */
const now = () => temporal.environment.currentTimeMs()

/** Activities of which some do something else. Their clocks are right. */
function stubWith(change: Partial<Activities> = {}): StubActivities {
  const stub = stubActivities()
  const { examineWorker, examinePod } = stub.activities
  const rightClocks: Partial<Activities> = {
    examineWorker: async (input) => ({ ...(await examineWorker(input)), clock: await now() }),
    examinePod: async (input) => ({ ...(await examinePod(input)), clocks: { pod: await now(), others: [] } }),
  }
  return { ...stub, activities: { ...stub.activities, ...rightClocks, ...change } }
}

async function check(stub: StubActivities, input: unknown = {}): Promise<DoctorResult> {
  return await temporal.runWith(stub, async (taskQueue) => {
    const options = { taskQueue, workflowId: `doctor-${randomUUID()}`, args: [input] as [unknown] }
    return await temporal.environment.client.workflow.execute<typeof DoctorCheck>('DoctorCheck', options)
  })
}

async function completedActivities(handle: WorkflowHandle): Promise<number> {
  const { events } = await handle.fetchHistory()
  return (events ?? []).filter(({ activityTaskCompletedEventAttributes: completed }) => completed).length
}

/** Where two stubs differ by what they find wrong, the rest of what they answer stays. */
function failing(check: CheckName): Finding {
  return { check, state: 'failed', found: `${check} is wrong`, remedy: 'mend it' }
}

function statesOf({ findings }: DoctorResult, state: Finding['state']): CheckName[] {
  return findings.filter((finding) => finding.state === state).map(({ check: name }) => name)
}

test('where nothing is wrong, everything was looked at, and the volume went again', async () => {
  const stub = stubWith()
  const { findings } = await check(stub)
  expect(findings.map(({ check: name, state }) => `${name} ${state}`)).toEqual([
    'kubernetes ok',
    'permissions ok',
    'image ok',
    'terraformImage ok',
    'mysqlImage ok',
    'pod ok',
    'identity ok',
    'bucket ok',
    'bucketSettings ok',
    'mysql ok',
    'privileges ok',
    'volume ok',
    'clocks ok',
  ])
  // Those in between at the same time.
  expect(stub.calls.toSorted()).toEqual([
    'examineMysqlImage',
    'examinePod',
    'examineTerraformImage',
    'examineVolume',
    'examineWorker',
    'releaseStaging',
  ])
  expect([stub.calls[0], ...stub.calls.slice(-2)]).toEqual(['examineWorker', 'examineVolume', 'releaseStaging'])
})

test('the volume is asked for in the size of the database, and is that of one backup', async () => {
  const asked: ExamineVolumeInput[] = []
  const released: unknown[] = []
  await check(
    stubWith({
      examineVolume: async (input) => {
        asked.push(input)
        return { findings: [] }
      },
      releaseStaging: async (input) => void released.push(input),
    }),
  )
  expect(asked).toEqual([
    {
      namespace: 's3-test',
      backupId: expect.stringMatching(/^\d{8}T\d{6}Z-[0-9a-f]{8}$/),
      patienceSeconds: 60,
      databaseBytes: FOUND_BYTES,
    },
  ])
  expect(released).toEqual([{ namespace: 's3-test', backupId: asked[0]?.backupId, failedJobs: 'delete' }])
})

test('what rests on what is wrong is not looked at', async () => {
  const stub = stubWith({
    examineWorker: async () => ({ clock: await now(), engine: 'mysqldump', findings: [failing('kubernetes')] }),
  })
  const result = await check(stub)
  expect(statesOf(result, 'failed')).toEqual(['kubernetes'])
  expect(statesOf(result, 'ok')).toEqual(['clocks'])
  expect(stub.calls).toEqual([])
})

test('a worker whose engine is another one has its image looked at too, and what it needs of MySQL', async () => {
  const found = { check: 'image', state: 'ok', found: 'mysqlsh 9.7' } as const
  const stub = stubWith({
    examineWorker: async () => ({
      clock: await now(),
      engine: 'mysqlsh',
      findings: [
        { check: 'kubernetes', state: 'ok', found: '' },
        { check: 'permissions', state: 'ok', found: '' },
      ],
    }),
    examineEngine: async () => ({ findings: [found, failing('privileges')] }),
  })
  const result = await check(stub)
  expect(result.findings).toContainEqual(found)
  expect(statesOf(result, 'failed')).toEqual(['privileges'])
})

test('an image that is wrong is told by itself, whatever the pod sees', async () => {
  const stub = stubWith({
    examinePod: async () => ({ findings: [failing('image')] }),
    examineTerraformImage: async () => ({ findings: [failing('terraformImage')] }),
  })
  const result = await check(stub)
  expect(statesOf(result, 'failed')).toEqual(['image', 'terraformImage'])
  expect(result.findings).toContainEqual(expect.objectContaining({ check: 'mysqlImage', state: 'ok' }))
})

test('MySQL that a request names is what its image is asked about', async () => {
  const asked: unknown[] = []
  const server = { host: 'db.example', port: 3306, user: 'root', passwordSecret: 'db', sslMode: 'PREFERRED' }
  const stub = stubWith({
    examineMysqlImage: async (input) => {
      asked.push(input)
      return { findings: [] }
    },
  })
  await check(stub, { namespace: 'shop', server: { host: 'db.example', passwordSecret: 'db' }, patienceSeconds: 5 })
  expect(asked).toEqual([{ namespace: 'shop', patienceSeconds: 5, server }])
})

describe('a clock', () => {
  const behind = (milliseconds: number) => {
    const { examinePod } = stubActivities().activities
    const others = [{ whose: 'S3', least: milliseconds, most: milliseconds }]
    return stubWith({
      examinePod: async (input) => ({
        ...(await examinePod(input)),
        clocks: { pod: (await now()) - milliseconds, others },
      }),
    })
  }

  test('of a pod that is behind is told, and not those that it sees', async () => {
    const { findings } = await check(behind(HOUR_MILLISECONDS))
    expect(findings.at(-1)).toMatchObject({ check: 'clocks', state: 'failed' })
    // An hour, less the time that it took to ask.
    expect(findings.at(-1)?.found).toMatch(/^the clock of pod is at least (3600|35\d\d)\.\d s behind Temporal's\. 5 s/)
    expect(findings.at(-1)?.found).not.toContain('S3')
  })

  test('may be as far off as the request says', async () => {
    expect((await check(behind(60_000), { clockSeconds: 3600 })).findings.at(-1)).toMatchObject({ state: 'ok' })
  })
})

describe('an activity that fails', () => {
  test('because Kubernetes refuses what it asks for is a finding with its remedy', async () => {
    const message = 'Kubernetes refused a request: namespaces "x" is forbidden\nGive the worker that right.'
    const stub = stubWith({
      examinePod: async () => Promise.reject(ApplicationFailure.nonRetryable(message, 'PermissionDenied')),
    })
    const result = await check(stub)
    expect(result.findings).toContainEqual({
      check: 'pod',
      state: 'failed',
      found: 'Kubernetes refused a request: namespaces "x" is forbidden',
      remedy: 'Give the worker that right.',
    })
    expect(statesOf(result, 'failed')).toEqual(['pod'])
    expect(statesOf(result, 'skipped')).toEqual([
      'image',
      'identity',
      'bucket',
      'bucketSettings',
      'mysql',
      'privileges',
      'volume',
    ])
  })

  test('while it looks for a volume still has its claim removed', async () => {
    const stub = stubWith({ examineVolume: async () => Promise.reject(ApplicationFailure.nonRetryable('no')) })
    expect(statesOf(await check(stub), 'failed')).toEqual(['volume'])
    expect(stub.calls.at(-1)).toBe('releaseStaging')
  })

  test('again and again is given up', async () => {
    let attempts = 0
    const stub = stubWith({
      examinePod: async () => {
        attempts += 1
        throw new Error('the network is down')
      },
    })
    expect((await check(stub)).findings).toContainEqual(
      expect.objectContaining({ check: 'pod', state: 'failed', found: 'the network is down' }),
    )
    expect(attempts).toBe(3)
  })

  test('to remove the claim says so', async () => {
    const stub = stubWith({
      releaseStaging: async () => Promise.reject(ApplicationFailure.nonRetryable('the claim is still there')),
    })
    expect((await check(stub)).findings).toContainEqual(
      expect.objectContaining({ check: 'volume', state: 'failed', found: 'the claim is still there' }),
    )
  })
})

test('a doctor that is cancelled removes its claim, and is cancelled', async () => {
  const started = Promise.withResolvers<void>()
  const stub = stubWith({
    examineVolume: async () => {
      started.resolve()
      return await untilCancelled()
    },
  })
  const failure = await failureOf(
    temporal.runWith(stub, async (taskQueue) => {
      const options = { taskQueue, workflowId: `doctor-${randomUUID()}`, args: [{}] as [unknown] }
      const handle = await temporal.environment.client.workflow.start<typeof DoctorCheck>('DoctorCheck', options)
      await started.promise
      await handle.cancel()
      return await handle.result()
    }),
  )
  expect(failure.cause?.name).toBe('CancelledFailure')
  expect(stub.calls.at(-1)).toBe('releaseStaging')
})

test('a doctor that is cancelled ends when all that it had others look at has ended', async () => {
  const [podLooks, terraformLooks, told, deleted] = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
  const stub = stubWith({
    examinePod: async () => {
      podLooks?.resolve()
      return await untilCancelled()
    },
    examineTerraformImage: async () => {
      terraformLooks?.resolve()
      return await untilCancelled().finally(async () => {
        told?.resolve()
        // As a Job that is being deleted.
        await deleted?.promise
      })
    },
  })
  const failure = await failureOf(
    temporal.runWith(stub, async (taskQueue) => {
      const options = { taskQueue, workflowId: `doctor-${randomUUID()}`, args: [{}] as [unknown] }
      const handle = await temporal.environment.client.workflow.start<typeof DoctorCheck>('DoctorCheck', options)
      await podLooks?.promise
      await terraformLooks?.promise
      // The worker and MySQL's image: the server cannot bear that an activity ends while it is being cancelled.
      await eventually(async () => expect(await completedActivities(handle)).toBe(2))
      await handle.cancel()
      // Activities are told after the workflow, which has ended by now if it does not wait for them.
      await told?.promise
      const { status } = await handle.describe()
      deleted?.resolve()
      expect(status.name).toBe('RUNNING')
      return await handle.result()
    }),
  )
  expect(failure.cause?.name).toBe('CancelledFailure')
})

test.each([
  [{ namespace: 'Not a name' }, /namespace/],
  [{ bucket: 'X' }, /bucket/],
  [{ schemas: ['mysql'] }, /schemas/],
  [{ clockSeconds: 0 }, /clockSeconds/],
  [{ patience: 5 }, /patience/],
])('the request %j is refused', async (input, said) => {
  const stub = stubWith()
  const failure = applicationFailure(await failureOf(check(stub, input)))
  expect(failure.type).toBe('InvalidRequest')
  expect(failure.message).toMatch(said)
  expect(stub.calls).toEqual([])
})
