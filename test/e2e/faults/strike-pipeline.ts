import { STEPS } from '../../../src/domain/steps.ts'
import type { FaultCase } from './fault-report.ts'
import type { FaultWorld, Outcome } from './fault-world.ts'
import type { SeenJob } from './job-recorder.ts'

/** A pipeline that was struck, with all that can be said of it. */
export interface Struck {
  readonly case: FaultCase
  readonly outcome: Outcome
  readonly jobs: readonly SeenJob[]
  /** What should have held, and did not. */
  readonly violations: readonly string[]
}

/** The pipeline has ended: there is nothing left to strike. */
class PipelineEnded extends Error {}

/** Where a pipeline is struck: waits for a Job of it that runs right now. */
export type NextJob = (isWanted: (job: SeenJob) => boolean) => Promise<SeenJob>

/**
 * Runs one pipeline and strikes it.
 *
 * @param strike called once the pipeline has begun; a Job that it waits for when the pipeline ends will not come
 * @param nameOf what the case is called, once it is over
 */
export async function strikePipeline(
  world: FaultWorld,
  nameOf: () => string,
  strike: (nextJob: NextJob) => Promise<void>,
): Promise<Struck> {
  const { client, connection } = await world.connect()
  try {
    const start = performance.now()
    const pipeline = await world.startPipeline(client)
    const end = new AbortController()
    const striking = strike(async (isWanted) => await world.recorder.untilRunning(pipeline.runId, isWanted, end.signal))
    // Waited for below, unless the pipeline's end cannot be judged: then that is the failure to report.
    striking.catch(() => undefined)
    const outcome = await world.outcomeOf(pipeline).finally(() => end.abort(new PipelineEnded()))
    await striking.catch((error: unknown) => {
      if (!end.signal.aborted) throw error
    })
    const seconds = (performance.now() - start) / 1000
    const violations = await world.violations(pipeline, outcome)
    const jobs = world.recorder.jobsOf(pipeline.runId).filter(({ purpose }) => STEPS.some((step) => step === purpose))
    const retries = jobs.length - new Set(jobs.map(({ purpose }) => purpose)).size
    return { case: { name: nameOf(), outcome: outcome.kind, seconds, retries }, outcome, jobs, violations }
  } finally {
    await connection.close()
  }
}
