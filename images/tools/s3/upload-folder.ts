import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { UploadAnswer } from '../../../src/domain/step-answers.ts'
import type { StepContext } from '../job/run-step.ts'
import { StepError } from '../job/step-error.ts'
import { backupPrefix, checkFolder, copyFolder, type Likeness, remotePath } from './rclone.ts'
import { bytesThroughPod } from './rclone-log.ts'

/** Uploads a dump to `backup1/<backup id>/`, checks what lies there by then, and answers for it. */
export async function uploadFolder(
  folder: string,
  bucket: string,
  backupId: string,
  context: StepContext,
): Promise<UploadAnswer> {
  const prefix = backupPrefix('backup1', backupId)
  const stats = await copyFolder(folder, remotePath(bucket, prefix), context)
  return await checkUpload(folder, bucket, prefix, bytesThroughPod(stats), context)
}

/** Checks what was uploaded, and answers for it. @param prefix of the backup @throws {StepError} `CopiesDiffer` and others */
export async function checkUpload(
  folder: string,
  bucket: string,
  prefix: string,
  transferredBytes: number,
  context: StepContext,
  by: Likeness = 'checksum',
): Promise<UploadAnswer> {
  await checkFolder(folder, remotePath(bucket, prefix), context, by)
  // What lies there is as it is here.
  const names = await readdir(folder)
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return { prefix, objects: names.length, bytes, transferredBytes }
}

/** @param why in a sentence */
export function dumpNotWhole(folder: string, why: string): StepError {
  return new StepError({
    type: 'DumpNotWhole',
    message: `${folder} holds no whole dump. ${why}`,
    remedy: 'Dump again: nothing was uploaded.',
    retryable: false,
  })
}
