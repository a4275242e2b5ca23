import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { assertRoomForDump } from '../dump/assert-room-for-dump.ts'
import { StepError } from '../job/step-error.ts'

/**
 * Checks that a dump could be written to a volume.
 *
 * @returns how many bytes it has free
 * @throws {StepError} `VolumeTooSmall` or `VolumeNotWritable`
 */
export async function assertVolume(folder: string, databaseBytes: number): Promise<number> {
  const file = join(folder, 'doctor')
  try {
    await writeFile(file, 'doctor', { flush: true })
    await rm(file)
  } catch (error) {
    throw new StepError({
      type: 'VolumeNotWritable',
      message: `The volume cannot be written to: ${error instanceof Error ? error.message : error}.`,
      remedy: "Does its StorageClass's driver give it to the pod's group (fsGroup)?",
      retryable: false,
      cause: error,
    })
  }
  await assertRoomForDump(folder, databaseBytes)
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
