import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { unsafeUniformIntDistribution as integer, type RandomGenerator, xoroshiro128plus } from 'pure-rand'
import { STEPS } from '../../../src/domain/steps.ts'
import { type FaultCase, faultTable } from './fault-report.ts'
import { FaultWorld } from './fault-world.ts'
import type { SeenJob } from './job-recorder.ts'
import { killAndMend } from './lab-faults.ts'
import { strikePipeline } from './strike-pipeline.ts'

const ALL_MILLISECONDS = 3_000_000
const FAULTS = Number(process.env.HOLDFAST_FAULTS ?? 30)
/** The same seed strikes the same steps in the same ways. */
const SEED = Number(process.env.HOLDFAST_FAULTS_SEED ?? Date.now() % 1_000_000)
/** So many strikes a pipeline, at most: each can use up a try, and a step has three. */
const STRIKES_A_PIPELINE = 5

let world: FaultWorld
const cases: FaultCase[] = []

beforeAll(async () => {
  world = await FaultWorld.start()
  await world.startWorker()
}, ALL_MILLISECONDS)

afterAll(async () => {
  await world.stop()
  process.stdout.write(`Seed ${SEED}\n${faultTable(cases)}\n`)
}, ALL_MILLISECONDS)

const STRIKES: readonly [string, (job: SeenJob) => Promise<void>][] = [
  ['worker killed', async () => await restartWorker()],
  ['pod deleted', async (job) => await world.deletePods(job)],
  ['Job deleted', async (job) => await world.deleteJob(job)],
  ['Temporal killed', async () => await killAndMend('temporal')],
  ['kube-apiserver killed', async () => await killAndMend('kube-apiserver')],
  ['kubelet killed', async () => await killAndMend('kubelet')],
]

async function restartWorker(): Promise<void> {
  await world.killWorker()
  await world.startWorker()
}

function choose<Item>(items: readonly Item[], generator: RandomGenerator): Item {
  const item = items[integer(0, items.length - 1, generator)]
  if (item === undefined) throw new Error('There is nothing to choose from.')
  return item
}

/** Which steps of a pipeline are struck, in their order, and how. */
function planStrikes(count: number, generator: RandomGenerator) {
  const steps = new Set<(typeof STEPS)[number]>()
  while (steps.size < count) steps.add(choose(STEPS, generator))
  return STEPS.filter((step) => steps.has(step)).map((step) => ({ step, strike: choose(STRIKES, generator) }))
}

test(
  `${FAULTS} faults in a row, of seed ${SEED}`,
  async () => {
    const generator = xoroshiro128plus(SEED)
    for (let left = FAULTS; left > 0; ) {
      const plan = planStrikes(Math.min(left, STRIKES_A_PIPELINE), generator)
      left -= plan.length
      const name = plan.map(({ step, strike: [how] }) => `${how} at ${step}`).join('\n')
      const struck = await strikePipeline(world, name, async ({ runId }) => {
        for (const { step, strike } of plan) await strike[1](await world.recorder.untilRunning(runId, step))
      })
      cases.push(struck.case)
      expect({ name, violations: struck.violations }).toEqual({ name, violations: [] })
    }
  },
  ALL_MILLISECONDS,
)
