import { setTimeout as sleep } from 'node:timers/promises'
import type { FollowedJob } from '../domain/followed-job.ts'
import { stepProgressSchema } from '../domain/step-answers.ts'

/** What a pod's log says of how far its program is. */
export type LogProgress = Pick<FollowedJob, 'progress' | 'lastLine'>

export interface ProgressOptions {
  /** Ends the following. */
  readonly signal: AbortSignal
  /** How long until the log is first read. */
  readonly firstMilliseconds: number
  /** The longest between two reads, which come the more slowly the longer the Job runs. */
  readonly longestMilliseconds: number
  readonly onProgress: (progress: LogProgress) => void
}

const SLOWER = 2

/**
 * Reads the end of a log every so often and tells what it says, where that has changed. A stream would be told at once, but
 * each would hold a connection to the API server and to a kubelet for as long as its Job runs.
 *
 * @param readTail the last lines of the log; none where there is no log
 */
export async function followProgress(
  readTail: () => Promise<readonly string[]>,
  { signal, firstMilliseconds, longestMilliseconds, onProgress }: ProgressOptions,
): Promise<void> {
  let told = ''
  try {
    for (let wait = firstMilliseconds; ; wait = Math.min(wait * SLOWER, longestMilliseconds)) {
      await sleep(wait, undefined, { signal })
      const progress = readProgress(await readTail())
      const text = JSON.stringify(progress)
      if (signal.aborted || text === told || text === '{}') continue
      told = text
      onProgress(progress)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** What the last lines of a log say: the newest progress, and the newest line that is for a person. */
export function readProgress(lines: readonly string[]): LogProgress {
  const read = lines.map((line) => ({ line, progress: parseProgress(line) }))
  const progress = read.findLast((each) => each.progress !== undefined)?.progress
  const lastLine = read.findLast((each) => each.progress === undefined && !each.line.startsWith('{'))?.line
  return { ...(progress && { progress }), ...(lastLine !== undefined && { lastLine }) }
}

function parseProgress(line: string): FollowedJob['progress'] {
  if (!line.startsWith('{')) return undefined
  try {
    return stepProgressSchema().safeParse(JSON.parse(line)).data?.progress
  } catch {
    return undefined
  }
}
