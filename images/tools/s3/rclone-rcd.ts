import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import pRetry from 'p-retry'
import { z } from 'zod'
import type { Children } from '../job/children.ts'
import { RCLONE_OPTIONS, S3_COMPARES, UPLOAD_OPTIONS } from './rclone.ts'
import { withoutRequestIds } from './rclone-log.ts'
import { s3Failure } from './s3-failure.ts'

/** As rclone has it: longer than any file takes, for a request is answered when its file is copied. */
const REQUEST_TIMEOUT = '10000h'
/** How often, and after how many milliseconds, it is asked once more whether it listens by now. */
const START_TRIES = 1500
const START_INTERVAL = 20

/** Under which rclone counts all that is copied here: it forgets what single requests have done when there are very many. */
const STATS_GROUP = 'copies'

const failureSchema = z.object({ error: z.string() })
const statsSchema = z.object({ bytes: z.number() })

/**
 * An rclone that is told one by one what to upload (`rclone rcd`): all files share its connections and its credentials, and none has
 * to wait for another one.
 */
export class RcloneRcd {
  readonly #socketPath: string

  constructor(socketPath: string) {
    this.#socketPath = socketPath
  }

  /** Uploads a file of a folder under its own name. @throws {StepError} one of {@link s3Failure} */
  async upload(from: string, to: string, file: string): Promise<void> {
    const what = `Copying ${file} of ${from} to ${to}`
    const order = { srcFs: from, srcRemote: file, dstFs: to, dstRemote: file, _group: STATS_GROUP }
    try {
      await this.call('operations/copyfile', order)
    } catch (error) {
      throw s3Failure(what, [error instanceof Error ? error.message : String(error)], error)
    }
  }

  /** How many bytes were uploaded so far, those of files that are still under way included. */
  async readBytes(): Promise<number> {
    return statsSchema.parse(await this.call('core/stats', { group: STATS_GROUP })).bytes
  }

  /** Has rclone do something. @param command in the words of its remote control @returns its answer @throws {Error} in its words */
  async call(command: string, parameters: object): Promise<unknown> {
    const body = JSON.stringify(parameters)
    const { promise, resolve, reject } = Promise.withResolvers<{ isDone: boolean; answer: string }>()
    request(
      {
        socketPath: this.#socketPath,
        path: `/${command}`,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => text(response).then((answer) => resolve({ isDone: response.statusCode === 200, answer }), reject),
    )
      .on('error', (error) => reject(new Error(`rclone did not answer: ${error.message}`, { cause: error })))
      .end(body)
    const { isDone, answer } = await promise
    if (!isDone) throw new Error(withoutRequestIds(failureSchema.parse(JSON.parse(answer)).error))
    return JSON.parse(answer)
  }
}

/**
 * Runs `work` with an rclone that uploads as {@link RcloneRcd}, and has it end afterwards. Where `work` fails, it ends with the step.
 *
 * @throws {ChildError} if rclone cannot be started, or ends before the work is done
 */
export async function withRcloneRcd<Result>(
  children: Children,
  work: (rclone: RcloneRcd) => Promise<Result>,
): Promise<Result> {
  // Of this user alone: who can reach the socket can have rclone do anything.
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-'))
  const waiting = new AbortController()
  try {
    const socketPath = join(directory, 'rclone')
    const listen = [`--rc-addr=unix://${socketPath}`, '--rc-no-auth', `--rc-server-write-timeout=${REQUEST_TIMEOUT}`]
    const args = ['rcd', ...listen, ...UPLOAD_OPTIONS, ...S3_COMPARES, ...RCLONE_OPTIONS]
    const { ended, stop } = children.start('rclone', args)
    const endedEarly = ended.then(() => {
      throw new Error('rclone has ended before it was told to.')
    })
    const rclone = new RcloneRcd(socketPath)
    const result = await Promise.race([endedEarly, started(rclone, waiting.signal).then(() => work(rclone))])
    // Not by its `core/quit`, which has it wait for 1.5 s before it ends.
    await stop()
    return result
  } finally {
    waiting.abort()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Waits until rclone listens: it does not say so. */
async function started(rclone: RcloneRcd, signal: AbortSignal): Promise<void> {
  const options = { retries: START_TRIES, minTimeout: START_INTERVAL, factor: 1, signal }
  await pRetry(() => rclone.call('rc/noop', {}), options)
}
