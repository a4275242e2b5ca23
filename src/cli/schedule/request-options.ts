import { type Command, Option } from 'commander'
import { ENGINES } from '../../domain/engines.ts'
import { bucketOption } from '../backups/bucket-options.ts'
import { type RetentionOptions, retentionOptions } from '../retention-options.ts'

/** What every kind of request takes. */
interface CommonOptions {
  readonly namespace: string
  /** The rest of it as JSON. */
  readonly request?: string
}

export interface BackupRequestOptions extends CommonOptions {
  readonly schema?: readonly string[]
  readonly engine?: string
  readonly staging?: string
  readonly encryption?: string
  readonly accounts?: boolean
  readonly threads?: number
}

export interface PruneRequestOptions extends CommonOptions, RetentionOptions {
  readonly bucket: string
}

export interface DrillRequestOptions extends CommonOptions {
  readonly bucket: string
  readonly backupOf?: string
  readonly copy?: string
  readonly storage?: string
  readonly threads?: number
}

/** Adds the options of a backup's request. */
export function backupRequestOptions(command: Command): Command {
  return commonOptions(command, 'where MySQL runs')
    .option('--schema <name...>', 'what is backed up, all in one snapshot')
    .addOption(new Option('--engine <name>', 'what dumps; by default what the worker has').choices(ENGINES))
    .addOption(new Option('--staging <where>', 'where the dump lies').choices(['volume', 'pod', 'stream']))
    .addOption(new Option('--encryption <how>', 'of the files').choices(['none', 'age']))
    .option('--accounts', "the server's accounts too")
    .option('--threads <number>', 'connections, dumps and loads at a time', Number)
}

/** Adds those of a pruning's. */
export function pruneRequestOptions(command: Command): Command {
  return retentionOptions(commonOptions(command, 'where its Job runs').addOption(bucketOption()))
}

/** Adds those of a drill's. */
export function drillRequestOptions(command: Command): Command {
  return commonOptions(command, 'where its Jobs run')
    .addOption(bucketOption())
    .option('--backup-of <namespace>', 'whose latest backup; by default that of the same namespace')
    .addOption(new Option('--copy <folder>', 'which copy is read').choices(['backup1', 'backup2']))
    .option('--storage <quantity>', "of the volume of the drill's MySQL")
    .option('--threads <number>', 'downloads and loads at a time', Number)
}

function commonOptions(command: Command, namespaceText: string): Command {
  return command
    .addOption(new Option('--namespace <name>', namespaceText).env('HOLDFAST_NAMESPACE').default('s3-test'))
    .option('--request <json>', 'the rest of the request: JSON, or @ and a file of it')
}
