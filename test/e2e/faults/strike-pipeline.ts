import { STEPS } from '../../../src/domain/steps.ts'
import type { FaultCase } from './fault-report.ts'
import type { FaultWorld, Outcome, StruckPipeline } from './fault-world.ts'
import type { SeenJob } from './job-recorder.ts'

/** A pipeline that was struck, with all that can be said of it. */
export interface Struck {
  readonly case: FaultCase
  readonly outcome: Outcome
  readonly jobs: readonly SeenJob[]
  /** What should have held, and did not. */
  readonly violations: readonly string[]
}

/**
 * Runs one pipeline and strikes it.
 *
 * @param strike called once the pipeline has begun; what is left of it when the pipeline has ended is not waited for
 */
export async function strikePipeline(
  world: FaultWorld,
  name: string,
  strike: (pipeline: StruckPipeline) => Promise<void>,
): Promise<Struck> {
  const { client, connection } = await world.connect()
  try {
    const start = performance.now()
    const pipeline = await world.startPipeline(client)
    const ended = world.outcomeOf(pipeline)
    await Promise.race([strike(pipeline), ended])
    const outcome = await ended
    const seconds = (performance.now() - start) / 1000
    const violations = await world.violations(pipeline, outcome)
    const jobs = world.recorder.jobsOf(pipeline.runId).filter(({ purpose }) => STEPS.some((step) => step === purpose))
    const retries = jobs.length - new Set(jobs.map(({ purpose }) => purpose)).size
    return { case: { name, outcome: outcome.kind, seconds, retries }, outcome, jobs, violations }
  } finally {
    await connection.close()
  }
}
