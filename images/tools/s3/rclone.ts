import { z } from 'zod'
import type { DataCopy } from '../../../src/domain/restore-request.ts'
import { ChildError, type Children } from '../job/children.ts'
import type { StepContext } from '../job/run-step.ts'
import { StepError } from '../job/step-error.ts'
import { bytesThroughPod, parseRcloneLine, type RcloneStats } from './rclone-log.ts'
import { s3Failure } from './s3-failure.ts'

/** rclone is configured by its environment alone: there, its remote is called `S3`. */
const REMOTE = 'S3'

/** How many files rclone copies at a time. */
export const TRANSFERS = 8

/**
 * By checksum: what a try before this one has copied is as good as new, whatever its time. Without a buffer for each file: what it
 * reads lies on the pod's own disk.
 */
export const UPLOAD_OPTIONS = ['--checksum', '--s3-upload-concurrency=4', '--buffer-size=0']

const COPY = ['copy', ...UPLOAD_OPTIONS, `--transfers=${TRANSFERS}`]

/**
 * rclone does not take the MD5 of what it sends once more, to compare it with what S3 says that it has: it has sent the MD5 of the file,
 * or of each part of a large one, with it (`Content-MD5`), and S3 refuses a body that has another.
 */
export const S3_COMPARES = ['--ignore-checksum']

/** Of every rclone. */
export const RCLONE_OPTIONS = ['--use-json-log', '--s3-no-check-bucket']

const STATS = ['--stats=1s', '--stats-log-level=NOTICE']

const NOTHING_DONE: RcloneStats = { bytes: 0, totalBytes: 0, serverSideCopies: 0, serverSideCopyBytes: 0 }

/** How many errors of rclone a failure quotes: the first ones. Those after them tell how it gave up. */
const QUOTED_ERRORS = 2

const sizeSchema = z.object({ count: z.int().nonnegative(), bytes: z.int().nonnegative() })

/** A folder of a bucket in rclone's words. @param prefix ends in a slash */
export function remotePath(bucket: string, prefix: string): string {
  return `${REMOTE}:${bucket}/${prefix}`
}

/** The prefix of one of the two copies of a backup. */
export function backupPrefix(copy: DataCopy, backupId: string): string {
  return `${copy}/${backupId}/`
}

/**
 * Copies what is missing or differs, reporting what it does.
 *
 * @returns what was done by this call: nothing where all was there
 * @throws {StepError} one of {@link s3Failure}
 */
export async function copyFolder(from: string, to: string, context: StepContext): Promise<RcloneStats> {
  let stats = NOTHING_DONE
  const onStats = (latest: RcloneStats): void => {
    stats = latest
    const { bytes, totalBytes } = latest
    const percent = totalBytes > 0 ? (100 * bytes) / totalBytes : undefined
    context.progress.report({ bytes, totalBytes, ...(percent === undefined ? {} : { percent }) })
  }
  await runRclone(context.children, `Copying ${from} to ${to}`, [...COPY, from, to], onStats)
  context.log(`Copied ${stats.bytes} bytes from ${from} to ${to}, ${bytesThroughPod(stats)} of them through this pod.`)
  return stats
}

/** Copies one object to a path, or the other way round, if it is not there already. @throws {StepError} one of {@link s3Failure} */
export async function copyObject(from: string, to: string, children: Children): Promise<void> {
  await runRclone(children, `Copying ${from} to ${to}`, ['copyto', '--checksum', from, to])
}

/** By what two files are the same: `size` is enough where each was compared by its checksum when it was copied just now. */
export type Likeness = 'checksum' | 'size'

/**
 * Compares two folders file by file, both ways.
 *
 * @throws {StepError} `CopiesDiffer`, or one of {@link s3Failure}
 */
export async function checkFolder(
  from: string,
  to: string,
  context: StepContext,
  by: Likeness = 'checksum',
): Promise<void> {
  const sizes = by === 'size' ? ['--size-only'] : []
  try {
    await runRclone(context.children, `Comparing ${from} with ${to}`, ['check', ...sizes, from, to])
  } catch (error) {
    if (!(error instanceof StepError) || error.type !== 'S3Failed' || !/differences found/.test(error.message))
      throw error
    throw new StepError({
      type: 'CopiesDiffer',
      message: `${from} and ${to} are not equal. ${error.message}`,
      remedy:
        'Something else writes there, or has written there: look at the objects named, and remove what does not belong.',
      retryable: true,
      cause: error,
    })
  }
  context.log(`${from} and ${to} are equal.`)
}

/** Counts the objects of a folder, and their bytes. */
export async function measureFolder(path: string, children: Children): Promise<{ objects: number; bytes: number }> {
  const { count, bytes } = sizeSchema.parse(
    JSON.parse(await readRclone(children, `Measuring ${path}`, ['size', '--json', path])),
  )
  return { objects: count, bytes }
}

/** Deletes the objects of a folder. In a bucket with versioning they are hidden, until a lifecycle rule removes them. */
export async function deleteFolder(path: string, children: Children): Promise<void> {
  await runRclone(children, `Deleting ${path}`, ['delete', path])
}

/** Runs rclone to its end. @throws {StepError} one of {@link s3Failure} */
async function runRclone(
  children: Children,
  what: string,
  args: readonly string[],
  onStats: (stats: RcloneStats) => void = () => {},
): Promise<void> {
  const errors: string[] = []
  const onLine = (line: string): void => note(line, errors, onStats)
  const { ended } = children.start('rclone', [...args, ...STATS, ...RCLONE_OPTIONS], { onLine })
  await orS3Failure(ended, what, errors)
}

/** Runs rclone and reads what it prints. @throws {StepError} one of {@link s3Failure} */
async function readRclone(children: Children, what: string, args: readonly string[]): Promise<string> {
  const errors: string[] = []
  const child = children.start('rclone', [...args, ...RCLONE_OPTIONS], {
    stdout: 'pipe',
    onLine: (line) => note(line, errors, () => {}),
  })
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  await orS3Failure(child.ended, what, errors)
  return Buffer.concat(chunks).toString('utf8')
}

function note(line: string, errors: string[], onStats: (stats: RcloneStats) => void): void {
  const { stats, error } = parseRcloneLine(line)
  if (stats) onStats(stats)
  if (error !== undefined && errors.length < QUOTED_ERRORS && !errors.includes(error)) errors.push(error)
}

async function orS3Failure(ended: Promise<void>, what: string, errors: readonly string[]): Promise<void> {
  try {
    await ended
  } catch (error) {
    // Without a word of its own, what rclone printed last has to do.
    const words = errors.length === 0 && error instanceof ChildError ? [error.message] : errors
    throw s3Failure(what, words, error)
  }
}
