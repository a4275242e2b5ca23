import { ApplicationFailure } from '@temporalio/activity'
import type { Config } from '../config.ts'
import type { BackupRequest } from '../domain/backup-request.ts'
import type { EngineName } from '../domain/engines.ts'
import type { DumpInput } from '../domain/step-inputs.ts'

/**
 * What dumps. Decided by the activity, so that a worker's settings are no part of a workflow's history. Where the request does not
 * say, MySQL Shell is not taken for what it cannot do: a dump that is uploaded while it is made, or encrypted.
 */
export function engineFor(
  { engine }: Pick<Config, 'engine'>,
  dump: Pick<BackupRequest, 'staging'> & DumpWishes,
): EngineName {
  const isForShell = dump.staging !== 'stream' && (dump.encryption ?? 'none') === 'none'
  return dump.engine ?? (isForShell ? engine : 'mysqldump')
}

type DumpWishes = Pick<DumpInput, 'engine' | 'encryption'>

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
