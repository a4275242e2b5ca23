import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { DEFAULT_STEPS } from '../support/default-steps.ts'
import { FaultWorld } from './faults/fault-world.ts'
import { strikePipeline } from './faults/strike-pipeline.ts'

const PIPELINE_MILLISECONDS = 600_000

describe('a worker that is killed', () => {
  let world: FaultWorld

  beforeAll(async () => {
    world = await FaultWorld.start()
    await world.startWorker()
  }, PIPELINE_MILLISECONDS)

  afterAll(async () => await world.stop(), PIPELINE_MILLISECONDS)

  test(
    'a worker that is killed in the middle of an upload loses nothing: the next one follows the same Job',
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
      expect(outcome).toMatchObject({ kind: 'proven' })
      expect(jobs.map(({ purpose }) => purpose)).toEqual(DEFAULT_STEPS)
    },
    PIPELINE_MILLISECONDS,
  )
})
