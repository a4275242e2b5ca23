import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { unsafeUniformIntDistribution as integer, type RandomGenerator, xoroshiro128plus } from 'pure-rand'
import { type FaultCase, faultTable } from './fault-report.ts'
import { FaultWorld } from './fault-world.ts'
import type { SeenJob } from './job-recorder.ts'
import { killAndMend } from './lab-faults.ts'
import { PipelineEnded, strikePipeline } from './strike-pipeline.ts'

const ALL_MILLISECONDS = 3_000_000
const FAULTS = Number(process.env.HOLDFAST_FAULTS ?? 30)
/** The same seed chooses the same strikes; which step each meets depends on how fast the machine is. */
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

/** How often a pipeline is struck, its steps decide. */
function undefinedAtItsEnd(error: Error): undefined {
  if (error instanceof PipelineEnded) return undefined
  throw error
}

function choose<Item>(items: readonly Item[], generator: RandomGenerator): Item {
  const item = items[integer(0, items.length - 1, generator)]
  if (item === undefined) throw new Error('There is nothing to choose from.')
  return item
}

test(
  `${FAULTS} faults in a row, of seed ${SEED}`,
  async () => {
    const generator = xoroshiro128plus(SEED)
    for (let made = 0; made < FAULTS; ) {
      const strikes: string[] = []
      const most = Math.min(FAULTS - made, STRIKES_A_PIPELINE)
      const struck = await strikePipeline(
        world,
        () => strikes.join('\n'),
        async (nextJob) => {
          const seen = new Set<string>()
          while (strikes.length < most) {
            // Each Job at most once, and not each: else the last steps would never be struck.
            const job = await nextJob(({ uid }) => !seen.has(uid)).catch(undefinedAtItsEnd)
            if (!job) return
            seen.add(job.uid)
            if (integer(0, 1, generator) === 0) continue
            const [how, strike] = choose(STRIKES, generator)
            strikes.push(`${how} at ${job.purpose}`)
            await strike(job)
          }
        },
      )
      made += strikes.length
      cases.push(struck.case)
      expect({ strikes, violations: struck.violations }).toEqual({ strikes, violations: [] })
    }
  },
  ALL_MILLISECONDS,
)
