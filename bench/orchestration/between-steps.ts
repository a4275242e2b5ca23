import { withCleanup } from './cleanup.ts'
import type { Gap } from './job-timeline.ts'
import { type HistorySize, isProven, longestHistory, startPipelines } from './pipelines.ts'
import type { Programs } from './programs.ts'
import { setUpStage } from './stage.ts'

/** How many pipelines run at a time. */
const WAVE = 10
const POD_SECONDS = 3

export interface BetweenSteps {
  /** How many ended well, of all. */
  readonly proven: number
  readonly pipelines: number
  readonly gaps: readonly Gap[]
  readonly history: HistorySize
}

/** Runs whole pipelines, a few at a time, and looks at what lies between their steps. */
export async function measureBetweenSteps(programs: Programs, pipelines: number): Promise<BetweenSteps> {
  return await withCleanup(async (cleanup) => {
    const stage = await setUpStage(programs, POD_SECONDS, cleanup)
    const handles = []
    let proven = 0
    while (handles.length < pipelines) {
      const count = Math.min(WAVE, pipelines - handles.length)
      const wave = await startPipelines(stage, count, POD_SECONDS / WAVE)
      for (const handle of wave) proven += (await isProven(handle)) ? 1 : 0
      handles.push(...wave)
    }
    return { proven, pipelines, gaps: stage.timeline.gaps(), history: await longestHistory(handles) }
  })
}
