import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/activity'
import type { WorkflowHandle } from '@temporalio/client'
import { PROVEN_SIGNAL } from '../../src/domain/database-proof.ts'
import { KEYS } from '../../src/temporal/search-attribute-keys.ts'
import { decideUpdate, progressUpdate } from '../../src/workflows/messages.ts'
import { FOUND_BACKUP, type StubActivities, stubActivities } from '../support/stub-activities.ts'
import { readSummaries } from '../support/summaries.ts'
import { SETUP_MILLISECONDS, TestTemporal } from '../support/test-temporal.ts'
import { eventually } from '../worker/support/eventually.ts'

// The one that skips time forgets summaries.
let temporal: TestTemporal

beforeAll(async () => {
  temporal = await TestTemporal.devServer()
}, SETUP_MILLISECONDS)

afterAll(async () => await temporal.stop())

async function started(type: string, taskQueue: string, input: object): Promise<WorkflowHandle> {
  const options = { taskQueue, workflowId: `${type}-${randomUUID()}`, args: [input] }
  return await temporal.environment.client.workflow.start(type, options)
}

/** Runs a workflow to its end, well or not. */
async function ended(type: string, stub: StubActivities, input: object): Promise<WorkflowHandle> {
  return await temporal.runWith(stub, async (taskQueue) => {
    const handle = await started(type, taskQueue, input)
    await handle.result().catch(() => undefined)
    return handle
  })
}

/** What lists and the page of a workflow say of it. */
async function shown(handle: WorkflowHandle) {
  const { typedSearchAttributes: attributes, memo } = await handle.describe()
  const values = Object.entries(KEYS).map(([name, key]) => [name, attributes.get<typeof key.type>(key)] as const)
  return { ...Object.fromEntries(values.filter(([, value]) => value !== undefined)), memo }
}

function failingAt(step: string): StubActivities {
  return stubActivities(async (name) => {
    if (name === step) throw ApplicationFailure.nonRetryable('no route', 'Network')
  })
}

const SHOP = { sampleData: { kind: 'none' }, schemas: ['shop', 'archive'], encryption: 'age' }

describe('what is shown of', () => {
  test('a proven pipeline', async () => {
    const handle = await ended('BackupPipeline', stubActivities(), SHOP)
    const { backupId } = await handle.result()
    expect(await shown(handle)).toEqual({
      database: 's3-test/shop,archive',
      step: 'verify',
      outcome: 'proven',
      proven: true,
      backupId,
      bytes: 30,
      memo: {
        request: 'Backup of shop, archive in s3-test: encrypted by age',
        result: { backupId, bucket: 'test-1', bytes: 30, tables: 1, objects: 0 },
      },
    })
  })

  test.each([
    ['dump', {}],
    ['copy', { bytes: 30 }],
  ])('one that failed at %s', async (step, size) => {
    expect(await shown(await ended('BackupPipeline', failingAt(step), SHOP))).toEqual({
      database: 's3-test/shop,archive',
      step,
      outcome: 'failed',
      proven: false,
      backupId: expect.stringMatching(/^\d{8}T/),
      ...size,
      memo: { request: expect.any(String), failure: `The step ${step} failed. no route` },
    })
  })

  test('a drill', async () => {
    const backup = { database: 's3-test/shop,a b', backupId: FOUND_BACKUP, bytes: 30, step: 'verify' }
    expect(await shown(await ended('DrillBackup', stubActivities(), { bucket: 'test-1' }))).toMatchObject({
      ...backup,
      outcome: 'proven',
      proven: true,
      memo: {
        request: 'Drill of the latest proven backup of s3-test, from backup2 in test-1',
        result: { backupId: FOUND_BACKUP, tables: 1 },
      },
    })
    expect(await shown(await ended('DrillBackup', failingAt('verify'), { bucket: 'test-1' }))).toMatchObject({
      ...backup,
      outcome: 'failed',
      proven: false,
    })
  })

  test('a restore, which proves nothing of the backup', async () => {
    const input = { bucket: 'test-1', backup: FOUND_BACKUP, schemas: { shop: 'shop_2' } }
    const restored = await shown(await ended('RestoreBackup', stubActivities(), input))
    expect(restored).toMatchObject({
      database: 's3-test/shop',
      backupId: FOUND_BACKUP,
      bytes: 30,
      outcome: 'proven',
      memo: { request: `Restore of backup ${FOUND_BACKUP} from test-1 in s3-test: shop into shop_2` },
    })
    expect(restored).not.toHaveProperty('proven')
  })

  test.each([
    [stubActivities(), { outcome: 'done', memo: { result: { mode: 'plan', kept: 3, deleted: 1 } } }],
    [failingAt('pruneBackups'), { outcome: 'failed', memo: { failure: 'no route' } }],
  ])('a pruning (%#)', async (stub, expected) => {
    const input = { bucket: 'test-1', rule: { daily: 7, weekly: 4 } }
    const pruned = await shown(await ended('PruneBackups', stub, input))
    expect(pruned).toMatchObject(expected)
    expect(pruned.memo).toMatchObject({ request: 'Pruning of test-1: daily 7, weekly 4, nothing is deleted' })
    expect(Object.keys(pruned)).toEqual(['outcome', 'memo'])
  })
})

describe('in plain words', () => {
  async function expectSaid(handle: WorkflowHandle, ...names: readonly string[]): Promise<void> {
    const all = await readSummaries(handle)
    expect(all.map(([name]) => name)).toEqual(expect.arrayContaining([...names]))
    const unsaid = all.filter(([name, summary]) => !summary || summary === name || !summary.includes(' '))
    expect(unsaid).toEqual([])
  }

  test.each([
    ['BackupPipeline', stubActivities(), {}, ['provision', 'loadSampleData', 'dump', 'releaseStaging', 'tellProof']],
    ['BackupPipeline', stubActivities(), { staging: 'stream' }, ['dumpAndUpload']],
    [
      'BackupPipeline',
      failingAt('copy'),
      {},
      ['copy', 'stopJobs', 'deleteCopy', 'deleteUpload', 'releaseStaging', 'removeMysql'],
    ],
    ['BackupPipeline', failingAt('restore'), {}, ['dropRestored']],
    ['DrillBackup', stubActivities(), { bucket: 'test-1' }, ['findBackup', 'deployScratch', 'removeScratch']],
    [
      'RestoreBackup',
      failingAt('swap'),
      { bucket: 'test-1', schemas: { shop: 'shop' }, ifExists: 'swap' },
      ['swap', 'swapBack'],
    ],
    ['PruneBackups', stubActivities(), { bucket: 'test-1', rule: { daily: 7 } }, ['pruneBackups']],
    ['Cleanup', stubActivities(), {}, ['removeResources']],
  ])('every activity of a %s says what it does (%#)', async (type, stub, input, names) => {
    await expectSaid(await ended(type, stub, input), ...names)
  })

  test('every timer says what is waited for', async () => {
    const asked = failingAt('dump')
    await temporal.runWith(asked, async (taskQueue) => {
      const asking = await started('BackupPipeline', taskQueue, { ...SHOP, onFailure: 'ask' })
      await eventually(async () => expect(await shown(asking)).toMatchObject({ outcome: 'asking' }))
      await asking.executeUpdate(progressUpdate)
      await expectSaid(asking, 'timer', 'local activity')

      const waiting = await started('BackupPipeline', taskQueue, { ...SHOP, whenBusy: 'wait' })
      await eventually(async () => expect(await shown(waiting)).toMatchObject({ outcome: 'waiting' }))
      await expectSaid(waiting, 'timer')
      await waiting.cancel()
      await asking.executeUpdate(decideUpdate, { args: [{ action: 'undo' }] })
      await asking.result().catch(() => undefined)

      const proof = await started('DatabaseProof', taskQueue, { namespace: 'shop', schemas: ['a'] })
      const last = { backupId: FOUND_BACKUP, bytes: 1, provenAt: Date.now(), workflowId: 'nightly' }
      await proof.signal(PROVEN_SIGNAL, last)
      await eventually(async () => await expectSaid(proof, 'timer'))
      await proof.terminate()
    })
  })

  test('the lock of a database says whose it is', async () => {
    const stub = stubActivities()
    await temporal.runWith(stub, async (taskQueue) => {
      const handle = await started('BackupPipeline', taskQueue, { ...SHOP, onFailure: 'ask', schemas: ['lock'] })
      await handle.result()
      const lock = temporal.environment.client.workflow.getHandle('holdfast-database:s3-test/lock')
      expect(await (await lock.describe()).staticSummary()).toContain(handle.workflowId)
    })
  })
})
