import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client, Connection } from '@temporalio/client'
import { expectProof } from '../../src/cli/schedule/expected-proofs.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { databaseName } from '../../src/domain/database-name.ts'
import { proofIdOf } from '../../src/domain/database-proof.ts'
import { missingAmong } from '../monitoring/named-metrics.ts'
import { DEFAULT_STEPS } from '../support/default-steps.ts'
import { freePorts } from '../support/free-ports.ts'
import { sampleValue, scrape } from '../support/prometheus-text.ts'
import { eventually } from '../worker/support/eventually.ts'
import { FaultWorld, SMALL } from './faults/fault-world.ts'
import { strikePipeline } from './faults/strike-pipeline.ts'

const PIPELINE_MILLISECONDS = 600_000

/**
 * Tests of workers that are killed, in a namespace that they have by themselves, and clear at their begin.
 *
 * @param onProven is told of the backup, which is left there with its MySQL
 */
export function describeWorkerKilled(namespace: string, onProven: (result: BackupResult) => void): void {
  const database = { namespace, schemas: ['sbtest'] }

  describe('a worker that is killed', () => {
    let world: FaultWorld
    let metricsPort: number
    let temporal: { readonly client: Client; readonly connection: Connection }

    beforeAll(async () => {
      const [free = 0] = await freePorts(1)
      metricsPort = free
      world = await FaultWorld.start({ HOLDFAST_METRICS_PORT: String(free) }, SMALL, namespace)
      await world.startWorker()
      temporal = await world.connect()
      await expectProof(temporal.client, { database, withinHours: 26, taskQueue: world.taskQueue })
    }, PIPELINE_MILLISECONDS)

    afterAll(async () => {
      await temporal.client.workflow.getHandle(proofIdOf(database)).terminate()
      await temporal.connection.close()
      await world.leave()
    }, PIPELINE_MILLISECONDS)

    test(
      'in the middle of an upload loses nothing: the next one follows the same Job',
      async () => {
        const { outcome, jobs, violations } = await strikePipeline(
          world,
          () => 'worker killed',
          async (nextJob) => {
            await nextJob(({ purpose }) => purpose === 'upload')
            await world.killWorker()
            await world.startWorker()
          },
        )
        expect(violations).toEqual([])
        if (outcome.kind !== 'proven') throw new Error(outcome.message)
        expect(jobs.map(({ purpose }) => purpose)).toEqual(DEFAULT_STEPS)
        onProven(outcome.result)
      },
      PIPELINE_MILLISECONDS,
    )

    // Of the pipeline above.
    test(
      'is followed by one that shows the proof that it has not seen; and every metric that a rule or a panel reads is there',
      async () => {
        const bucket = `test-${world.lab.aws.accountId}`
        // Deletes nothing: what it keeps is the last one, and the others are younger than the minimum age.
        const pruning = { namespace, bucket, rule: { keepLast: 1 }, mode: 'delete' }
        await (await world.startWorkflow(temporal.client, 'PruneBackups', pruning)).result()
        const before = await scrape(metricsPort)

        await world.killWorker()
        await world.startWorker()
        const after = await eventually(async () => {
          const samples = await scrape(metricsPort)
          const labels = { database: databaseName(database) }
          const provenAt = sampleValue(samples, 'holdfast_database_proven_timestamp_seconds', labels)
          expect(provenAt).toBeGreaterThan(Date.now() / 1000 - PIPELINE_MILLISECONDS / 1000)
          return samples
        })
        const names = new Set([...before, ...after].map(({ name }) => name))
        expect(await missingAmong(names)).toEqual([])
      },
      PIPELINE_MILLISECONDS,
    )
  })
}
