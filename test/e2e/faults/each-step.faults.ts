import { expect, test } from '@jest/globals'
import { DEFAULT_STEPS } from '../../support/default-steps.ts'
import { faultSuite } from './fault-suite.ts'
import { LARGE } from './fault-world.ts'
import type { SeenJob } from './job-recorder.ts'
import { strikePipeline } from './strike-pipeline.ts'

const CASE_MILLISECONDS = 600_000

const suite = faultSuite(LARGE)

/** Strikes at each step, once its Job's pod runs: with nothing there from before, each step has something to do. */
async function atEachStep(name: string, strike: (job: SeenJob) => Promise<void>) {
  await suite.world.clear()
  const struckAt: string[] = []
  const struck = await strikePipeline(
    suite.world,
    () => `${name} at ${struckAt.length} steps`,
    async (nextJob) => {
      for (const step of DEFAULT_STEPS) {
        await strike(await nextJob(({ purpose }) => purpose === step))
        struckAt.push(step)
      }
    },
  )
  suite.cases.push(struck.case)
  return { ...struck, struckAt }
}

test(
  'a worker that is killed at each step leaves its Jobs to the next worker',
  async () => {
    const { outcome, jobs, violations, struckAt } = await atEachStep('worker killed', async () => {
      await suite.world.killWorker()
      await suite.world.startWorker()
    })
    expect(violations).toEqual([])
    expect(outcome).toMatchObject({ kind: 'proven' })
    expect(struckAt).toEqual(DEFAULT_STEPS)
    expect(jobs.map(({ purpose }) => purpose)).toEqual(DEFAULT_STEPS)
  },
  CASE_MILLISECONDS,
)

test(
  'a pod that is deleted at each step is followed by another try',
  async () => {
    const { outcome, violations, struckAt } = await atEachStep(
      'pod deleted',
      async (job) => await suite.world.deletePods(job),
    )
    expect(violations).toEqual([])
    expect(outcome).toMatchObject({ kind: 'proven' })
    expect(struckAt).toEqual(DEFAULT_STEPS)
  },
  CASE_MILLISECONDS,
)

test(
  'a Job that somebody deletes at each step is followed by another',
  async () => {
    const { outcome, violations, struckAt } = await atEachStep(
      'Job deleted',
      async (job) => await suite.world.deleteJob(job),
    )
    expect(violations).toEqual([])
    expect(outcome).toMatchObject({ kind: 'proven' })
    expect(struckAt).toEqual(DEFAULT_STEPS)
  },
  CASE_MILLISECONDS,
)
