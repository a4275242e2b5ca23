import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { WorkflowHandle } from '@temporalio/client'
import { EXPECT_SIGNAL, PROVEN_SIGNAL, type ProvenBackup } from '../../src/domain/database-proof.ts'
import { backupIdSchema } from '../../src/domain/names.ts'
import { KEYS } from '../../src/temporal/search-attribute-keys.ts'
import { stubActivities } from '../support/stub-activities.ts'
import { applicationFailure, failureOf, SETUP_MILLISECONDS, TestTemporal } from '../support/test-temporal.ts'
import { eventually } from '../worker/support/eventually.ts'

const HOUR_MILLISECONDS = 3_600_000
/** A few more than after which it begins a new run. */
const RUN_EVENTS = 410

let temporal: TestTemporal

beforeAll(async () => {
  temporal = await TestTemporal.skippingTime()
}, SETUP_MILLISECONDS)

afterAll(async () => await temporal.stop())

/** Watches over a database for as long as `during` takes. */
async function watching(during: (handle: WorkflowHandle) => Promise<void>, request: object = {}): Promise<void> {
  await temporal.runWith(stubActivities(), async (taskQueue) => {
    const handle = await temporal.environment.client.workflow.start('DatabaseProof', {
      taskQueue,
      workflowId: `proof-${randomUUID()}`,
      args: [{ namespace: 'shop', schemas: ['orders', 'bills'], ...request }],
    })
    await during(handle)
    await handle.terminate().catch(() => undefined)
  })
}

/** A backup that was proven so many hours ago, by the server's clock. */
async function provenHoursAgo(hours: number, bytes = 30): Promise<ProvenBackup> {
  const now = await temporal.environment.currentTimeMs()
  const backupId = backupIdSchema().parse('20260131T235959Z-1a2b3c4d')
  return { backupId, bytes, provenAt: now - hours * HOUR_MILLISECONDS, workflowId: 'nightly' }
}

async function shown(handle: WorkflowHandle) {
  const { typedSearchAttributes: attributes, memo } = await handle.describe()
  return {
    database: attributes.get(KEYS.database),
    proven: attributes.get(KEYS.proven),
    provenAt: attributes.get(KEYS.provenAt)?.getTime(),
    bytes: attributes.get(KEYS.bytes),
    memo,
  }
}

async function becomes(handle: WorkflowHandle, expected: object): Promise<void> {
  await eventually(async () => expect(await shown(handle)).toMatchObject(expected))
}

test('a database of which nothing is known has no proof', async () => {
  await watching(async (handle) => {
    await becomes(handle, { database: 'shop/orders,bills', proven: false, memo: { withinHours: 26 } })
  })
})

test('it has one as soon as it is told, and has none when that is too old, without being told anything', async () => {
  await watching(async (handle) => {
    const proof = await provenHoursAgo(0)
    await handle.signal(PROVEN_SIGNAL, proof)
    await becomes(handle, { proven: true, provenAt: proof.provenAt, bytes: 30, memo: { last: proof } })
    await temporal.environment.sleep('25 hours')
    await becomes(handle, { proven: true })
    await temporal.environment.sleep('61 minutes')
    await becomes(handle, { proven: false, provenAt: proof.provenAt })
    await handle.signal(PROVEN_SIGNAL, await provenHoursAgo(0))
    await becomes(handle, { proven: true })
  })
})

test('a proof that arrives late does not take the place of a younger one', async () => {
  await watching(async (handle) => {
    await handle.signal(PROVEN_SIGNAL, await provenHoursAgo(1, 11))
    await handle.signal(PROVEN_SIGNAL, await provenHoursAgo(20, 22))
    await handle.signal(EXPECT_SIGNAL, { withinHours: 30 })
    await becomes(handle, { proven: true, bytes: 11, memo: { withinHours: 30 } })
  })
})

test('what is expected may change: then the same proof is old enough, or too old', async () => {
  await watching(async (handle) => {
    await handle.signal(PROVEN_SIGNAL, await provenHoursAgo(20))
    await becomes(handle, { proven: true })
    await handle.signal(EXPECT_SIGNAL, { withinHours: 12 })
    await becomes(handle, { proven: false, memo: { withinHours: 12 } })
    await handle.signal(EXPECT_SIGNAL, { withinHours: 24 })
    await becomes(handle, { proven: true })
  })
})

test('a signal that is not understood changes nothing', async () => {
  await watching(async (handle) => {
    await handle.signal(PROVEN_SIGNAL, { backupId: 'the last one' })
    await handle.signal(EXPECT_SIGNAL, 'soon')
    await handle.signal(PROVEN_SIGNAL, await provenHoursAgo(0))
    await becomes(handle, { proven: true, memo: { withinHours: 26 } })
  })
})

test('it goes on as a new run before its history is long, and forgets nothing', async () => {
  await watching(async (handle) => {
    const first = (await handle.describe()).runId
    const latest = temporal.environment.client.workflow.getHandle(handle.workflowId)
    const proof = await provenHoursAgo(0)
    await latest.signal(PROVEN_SIGNAL, proof)
    await eventually(async () => {
      const { runId, historyLength } = await latest.describe()
      if (runId !== first) return
      // No more at once than what a run has room for: it does not end while it is being told something.
      for (let hours = 30; hours < 30 + (RUN_EVENTS - historyLength) / 9; hours++) {
        await latest.signal(EXPECT_SIGNAL, { withinHours: hours })
      }
      throw new Error(`it is the same run, of ${historyLength} events`)
    })
    // Its attributes come with it; the memo it sets itself.
    await becomes(latest, {
      database: 'shop/orders,bills',
      proven: true,
      provenAt: proof.provenAt,
      memo: { last: proof },
    })
  })
})

test('a request that is wrong is refused', async () => {
  await watching(
    async (handle) => {
      const failure = applicationFailure(await failureOf(handle.result()))
      expect(failure).toMatchObject({ type: 'InvalidRequest', message: expect.stringMatching(/withinHours/) })
    },
    { withinHours: 0 },
  )
})
