import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Client, Connection } from '@temporalio/client'
import { clusterWorkerUp, untilReady } from '../../lab/cluster-worker.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { STEPS } from '../../src/domain/steps.ts'
import { DEFAULT_STEPS } from '../support/default-steps.ts'
import { kubectl, theLab, type WholeLab } from '../support/lab.ts'
import { JobRecorder } from './faults/job-recorder.ts'
import { describeApart } from './tenants/describe-apart.ts'
import { bootstrapTenant, newTenant, provisionTenant, removeTenant } from './tenants/tenant.ts'

const PIPELINE_MILLISECONDS = 600_000

/** Its worker runs in the cluster, from its own image, with no more rights than the manifests give it. */
const shop = newTenant('shop', 2)
/** The other one's worker need not run for it to be set up. */
const blog = newTenant('blog', 0)

let lab: WholeLab

beforeAll(async () => {
  lab = await theLab()
  await Promise.all([shop, blog].map(async (tenant) => await bootstrapTenant(lab, tenant)))
  // One after the other: the first makes the image.
  for (const { settings } of [shop, blog]) await clusterWorkerUp(lab, settings, () => undefined)
}, PIPELINE_MILLISECONDS)

afterAll(async () => {
  await removeTenant(lab, shop)
  await removeTenant(lab, blog)
}, PIPELINE_MILLISECONDS)

/** Names of the worker's pods. */
async function workerPods(): Promise<readonly string[]> {
  const selector = '--selector=app.kubernetes.io/component=worker'
  const names = await kubectl(lab, '--namespace', shop.settings.controlNamespace, 'get', 'pods', selector, '-oname')
  return names.split('\n').filter(Boolean)
}

describe('a worker in the cluster', () => {
  let recorder: JobRecorder
  let connection: Connection

  beforeAll(async () => {
    recorder = JobRecorder.start()
    connection = await Connection.connect({ address: lab.temporal.address })
  })

  afterAll(async () => {
    await recorder.stop()
    await connection.close()
  })

  test(
    'is replaced by a rolling update in the middle of an upload, and nothing is lost',
    async () => {
      const { taskQueue, controlNamespace } = shop.settings
      const pipeline = await new Client({ connection }).workflow.start('BackupPipeline', {
        taskQueue,
        workflowId: shop.name,
        args: [{ namespace: shop.name, sampleData: { kind: 'sysbench', tables: 2, rowsPerTable: 1000 } }],
      })
      const { runId } = await pipeline.describe()
      const before = await workerPods()
      const ended = new AbortController()
      const result = pipeline.result().finally(() => ended.abort(new Error('the pipeline has ended')))
      result.catch(() => undefined)
      await recorder.untilRunning(runId, ({ purpose }) => purpose === 'upload', ended.signal)
      await kubectl(lab, '--namespace', controlNamespace, 'rollout', 'restart', 'deployment/holdfast-worker')
      await untilReady(lab, controlNamespace)

      expect(before).toHaveLength(2)
      const gone = ['wait', '--for=delete', '--timeout=60s', ...before]
      await kubectl(lab, '--namespace', controlNamespace, ...gone)
      const proven: BackupResult = await result
      expect(proven).toMatchObject({ outcome: 'proven', bucket: shop.bucket })
      const jobs = recorder.jobsOf(runId).filter(({ purpose }) => STEPS.some((step) => step === purpose))
      expect(jobs.map(({ purpose }) => purpose)).toEqual(DEFAULT_STEPS)
    },
    PIPELINE_MILLISECONDS,
  )
})

describe('two tenants of one cluster', () => {
  beforeAll(async () => await provisionTenant(lab, blog), PIPELINE_MILLISECONDS)

  describeApart(() => lab, shop, blog)
  describeApart(() => lab, blog, shop)
})
