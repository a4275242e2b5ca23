import { ApplicationFailure } from '@temporalio/activity'
import type { Config } from '../config.ts'
import type { BackupRequest } from '../domain/backup-request.ts'
import type { EngineName } from '../domain/engines.ts'

/**
 * What dumps. Decided by the activity, so that a worker's settings are no part of a workflow's history.
 *
 * @param wanted by the request. Where it does not say, MySQL Shell is not taken for what it cannot do: a dump that is uploaded while
 * it is made
 */
export function engineFor(
  { engine }: Pick<Config, 'engine'>,
  wanted: EngineName | undefined,
  staging: BackupRequest['staging'],
): EngineName {
  return wanted ?? (staging === 'stream' ? 'mysqldump' : engine)
}

/**
 * The image in which an engine is.
 *
 * @throws {ApplicationFailure} `EngineNotThere`, never retried, where the worker has none
 */
export function imageOf({ images }: Pick<Config, 'images'>, engine: EngineName = 'mysqldump'): string {
  if (engine === 'mysqldump') return images.tools
  if (images.mysqlsh !== undefined) return images.mysqlsh
  throw ApplicationFailure.nonRetryable(
    'The engine is to be mysqlsh, and this worker has no image with MySQL Shell. Build images/tools-mysqlsh, name it in ' +
      'HOLDFAST_MYSQLSH_IMAGE, and start the worker again.',
    'EngineNotThere',
  )
}
