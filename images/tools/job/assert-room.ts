import { statfs } from 'node:fs/promises'
import prettyBytes from 'pretty-bytes'
import { StepError } from './step-error.ts'

/** What a folder has to have room for. */
export interface NeededRoom {
  readonly bytes: number
  /** What needs it, at the beginning of a sentence: "The dump may need". */
  readonly who: string
  /** What has not happened yet, in a sentence. */
  readonly notDone: string
  readonly remedy: string
}

/** Checks that a folder has room, before anything is written there. @throws {StepError} `VolumeTooSmall` */
export async function assertRoom(folder: string, { bytes, who, notDone, remedy }: NeededRoom): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= bytes) return
  throw new StepError({
    type: 'VolumeTooSmall',
    message: `${who} ${prettyBytes(bytes)}, and ${folder} has ${prettyBytes(free)} free. ${notDone}`,
    remedy,
    retryable: false,
  })
}
