import { afterAll, beforeAll } from '@jest/globals'
import { type FaultCase, faultTable } from './fault-report.ts'
import { FaultWorld, type Sample } from './fault-world.ts'

/** What all cases of a file share. */
export interface FaultSuite {
  /** There once the tests run, with a worker. */
  readonly world: FaultWorld
  /** What the table at the file's end shows. */
  readonly cases: FaultCase[]
}

const SET_UP_MILLISECONDS = 600_000

/** Has a file's cases run in one world, which is made before them and taken down after them. */
export function faultSuite(sample?: Sample): FaultSuite {
  const cases: FaultCase[] = []
  let world: FaultWorld | undefined

  beforeAll(async () => {
    world = await FaultWorld.start({}, sample)
    await world.startWorker()
  }, SET_UP_MILLISECONDS)

  afterAll(async () => {
    await world?.stop()
    process.stdout.write(`${faultTable(cases)}\n`)
  }, SET_UP_MILLISECONDS)

  return {
    get world(): FaultWorld {
      if (!world) throw new Error('There is a world once the tests run.')
      return world
    },
    cases,
  }
}
