import { setTimeout as sleep } from 'node:timers/promises'
import { STEPS } from '../../src/domain/steps.ts'
import { withCleanup } from './cleanup.ts'
import type { RequestCount } from './counting-proxy.ts'
import type { Gap, JobTimeline } from './job-timeline.ts'
import type { Usage } from './measured-worker.ts'
import { startPipelines } from './pipelines.ts'
import type { Programs } from './programs.ts'
import { type Stage, setUpStage } from './stage.ts'

/** For how long at least all Jobs run at the same time. */
const TOGETHER_SECONDS = 20
const LOOK_MILLISECONDS = 250
/** After the last Job ought to have ended: more than the time between two polls of the worker. */
const PATIENCE_SECONDS = 120

export interface ManyJobs {
  readonly podSeconds: number
  /** The Jobs that were followed to their end: the first of each pipeline. */
  readonly jobs: number
  readonly mostJobsAtOnce: number
  /** Jobs after which their pipeline had not gone on when the measurement ended. */
  readonly lost: number
  /** From their end to the next Job. */
  readonly gaps: readonly Gap[]
  readonly requests: RequestCount
  readonly idle: Usage
  readonly atEnd: Usage
  readonly mostResidentBytes: number
}

/**
 * Has one worker follow many Jobs at a time: the first Job of as many pipelines, which all go on to their second step. There
 * the measurement ends.
 *
 * @param startsASecond few enough for the machine, which carries the cluster, Temporal and the worker
 */
export async function measureManyJobs(programs: Programs, jobs: number, startsASecond: number): Promise<ManyJobs> {
  return await withCleanup(async (cleanup) => {
    const podSeconds = Math.ceil(jobs / startsASecond) + TOGETHER_SECONDS
    const stage = await setUpStage(programs, podSeconds, cleanup)
    const { worker, timeline, requests } = stage
    const idle = await worker.usage()
    // Not waited for: a start that hangs is a pipeline without Jobs, and the count of Jobs shows it.
    startPipelines(stage, jobs, 1 / startsASecond).catch((error: unknown) => console.error(error))
    const { mostJobsAtOnce, mostResidentBytes } = await lookOn(stage, jobs, 2 * podSeconds + PATIENCE_SECONDS)
    const atEnd = await worker.usage()
    const followed = timeline.jobsOf(STEPS[0])
    const gaps = gapsAfterFirst(timeline)
    const lost = followed - gaps.length
    return { podSeconds, jobs: followed, mostJobsAtOnce, lost, gaps, requests, idle, atEnd, mostResidentBytes }
  })
}

/** From the first Job of a pipeline to its second. */
function gapsAfterFirst(timeline: JobTimeline): readonly Gap[] {
  return timeline.gaps().filter(({ from }) => from === STEPS[0])
}

/** Looks at the worker until every pipeline has come to its second Job, or for as long as that may take. */
async function lookOn(
  { worker, timeline }: Stage,
  jobs: number,
  seconds: number,
): Promise<Pick<ManyJobs, 'mostJobsAtOnce' | 'mostResidentBytes'>> {
  const deadline = Date.now() + seconds * 1000
  let mostJobsAtOnce = 0
  let mostResidentBytes = 0
  while (gapsAfterFirst(timeline).length < jobs && Date.now() < deadline) {
    mostJobsAtOnce = Math.max(mostJobsAtOnce, timeline.activeJobs)
    mostResidentBytes = Math.max(mostResidentBytes, (await worker.usage()).residentBytes)
    await sleep(LOOK_MILLISECONDS)
  }
  return { mostJobsAtOnce, mostResidentBytes }
}
