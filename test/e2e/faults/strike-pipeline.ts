import type { BackupRequestInput } from '../../../src/domain/backup-request.ts'
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

/** The pipeline has ended: there is nothing left to strike. */
export class PipelineEnded extends Error {}

/** Where a pipeline is struck: waits for a Job of it that runs right now. */
export type NextJob = (isWanted: (job: SeenJob) => boolean) => Promise<SeenJob>

/**
 * Runs one pipeline and strikes it.
 *
 * @param strike called once the pipeline has begun; where it waits for a Job when the pipeline ends, it gets `PipelineEnded`.
 * Not to have come to its end is a violation: what was not struck has survived nothing
 * @param nameOf what the case is called, once it is over
 * @param changes of the pipeline's request
 */
export async function strikePipeline(
  world: FaultWorld,
  nameOf: () => string,
  strike: (nextJob: NextJob, pipeline: StruckPipeline) => Promise<void>,
  changes: Partial<BackupRequestInput> = {},
): Promise<Struck> {
  const { client, connection } = await world.connect()
  try {
    const start = performance.now()
    const pipeline = await world.startPipeline(client, changes)
    const end = new AbortController()
    const nextJob: NextJob = async (isWanted) => await world.recorder.untilRunning(pipeline.runId, isWanted, end.signal)
    const striking = strike(nextJob, pipeline)
    // Waited for below, unless the pipeline's end cannot be judged: then that is the failure to report.
    striking.catch(() => undefined)
    const outcome = await world.outcomeOf(pipeline).finally(() => end.abort(new PipelineEnded()))
    const missed = await striking.then(
      () => [],
      (error: unknown) => {
        if (error instanceof PipelineEnded) return ['the pipeline ended before it was struck']
        throw error
      },
    )
    const seconds = (performance.now() - start) / 1000
    const violations = [...missed, ...(await world.violations(pipeline, outcome))]
    const jobs = world.recorder.jobsOf(pipeline.runId).filter(({ purpose }) => STEPS.some((step) => step === purpose))
    const retries = jobs.length - new Set(jobs.map(({ purpose }) => purpose)).size
    return { case: { name: nameOf(), outcome: outcome.kind, seconds, retries }, outcome, jobs, violations }
  } finally {
    await connection.close()
  }
}
