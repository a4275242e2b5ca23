import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { STEPS } from '../../../src/domain/steps.ts'
import { type FaultCase, faultTable } from './fault-report.ts'
import { FaultWorld } from './fault-world.ts'
import type { SeenJob } from './job-recorder.ts'
import { strikePipeline } from './strike-pipeline.ts'

const CASE_MILLISECONDS = 600_000

let world: FaultWorld
const cases: FaultCase[] = []

beforeAll(async () => {
  world = await FaultWorld.start()
  await world.startWorker()
}, CASE_MILLISECONDS)

afterAll(async () => {
  await world.stop()
  process.stdout.write(`${faultTable(cases)}\n`)
}, CASE_MILLISECONDS)

/** Strikes at each step, once its Job's pod runs. */
async function atEachStep(name: string, strike: (job: SeenJob) => Promise<void>) {
  const struckAt: string[] = []
  const struck = await strikePipeline(
    world,
    () => `${name} at ${struckAt.length} steps`,
    async (nextJob) => {
      for (const step of STEPS) {
        await strike(await nextJob(({ purpose }) => purpose === step))
        struckAt.push(step)
      }
    },
  )
  expect(struckAt).toEqual(STEPS)
  cases.push(struck.case)
  return struck
}

test(
  'a worker that is killed at each step leaves its Jobs to the next worker',
  async () => {
    const { outcome, jobs, violations } = await atEachStep('worker killed', async () => {
      await world.killWorker()
      await world.startWorker()
    })
    expect(violations).toEqual([])
    expect(outcome).toMatchObject({ kind: 'proven' })
    expect(jobs.map(({ purpose }) => purpose)).toEqual(STEPS)
  },
  CASE_MILLISECONDS,
)

test(
  'a pod that is deleted at each step is followed by another try',
  async () => {
    const { outcome, violations } = await atEachStep('pod deleted', async (job) => await world.deletePods(job))
    expect(violations).toEqual([])
    expect(outcome).toMatchObject({ kind: 'proven' })
  },
  CASE_MILLISECONDS,
)

test(
  'a Job that somebody deletes at each step is followed by another',
  async () => {
    const { outcome, violations } = await atEachStep('Job deleted', async (job) => await world.deleteJob(job))
    expect(violations).toEqual([])
    expect(outcome).toMatchObject({ kind: 'proven' })
  },
  CASE_MILLISECONDS,
)
