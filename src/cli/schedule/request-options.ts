import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { ENGINES } from '../../domain/engines.ts'
import { bucketOption } from '../backups/bucket-options.ts'
import { InputError } from '../input-error.ts'
import { type RetentionOptions, retentionOptions, ruleInput } from '../retention-options.ts'

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

const requestSchema = z.record(z.string(), z.unknown())
type Request = z.infer<typeof requestSchema>

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

/**
 * What is backed up each time. Unlike a backup by hand it waits for a database on which another pipeline is at work.
 *
 * @throws {InputError} where nothing says what is to be backed up: the default of a request is the demo's data
 */
export async function backupRequestOf(options: BackupRequestOptions): Promise<Request> {
  const { namespace, schema: schemas, engine, staging, encryption, accounts, threads } = options
  const given = await readRequest(options.request)
  if (schemas === undefined && given.schemas === undefined && given.sampleData === undefined) {
    throw new InputError('Say what is to be backed up: --schema shop.')
  }
  return {
    namespace,
    whenBusy: 'wait',
    ...(given.sampleData === undefined && { sampleData: { kind: 'none' } }),
    ...given,
    ...defined({ schemas, engine, staging, encryption, threads }),
    ...(accounts && { accounts: 'include' }),
  }
}

/** What is pruned each time. */
export async function pruneRequestOf(options: PruneRequestOptions): Promise<Request> {
  const { namespace, bucket, hold } = options
  const mode = options.delete ? 'delete' : 'plan'
  return { namespace, bucket, rule: ruleInput(options), hold, mode, ...(await readRequest(options.request)) }
}

/** What is drilled each time: the latest backup. */
export async function drillRequestOf(options: DrillRequestOptions): Promise<Request> {
  const { namespace, bucket, backupOf, copy, storage, threads } = options
  return {
    namespace,
    bucket,
    ...(await readRequest(options.request)),
    ...defined({ backupOf, copy, storage, threads }),
  }
}

/**
 * A request, or a part of one, as a person gives it.
 *
 * @param text JSON, or `@` and the name of a file that has it; undefined where nothing was given
 * @throws {InputError} where it is none
 */
export async function readRequest(text: string | undefined): Promise<Request> {
  if (text === undefined) return {}
  try {
    const json = text.startsWith('@') ? await readFile(text.slice(1), 'utf8') : text
    return requestSchema.parse(JSON.parse(json))
  } catch (error) {
    const why = error instanceof z.ZodError ? 'it is no JSON object' : error instanceof Error ? error.message : error
    throw new InputError(`--request: ${why}`)
  }
}

function commonOptions(command: Command, namespaceText: string): Command {
  return command
    .addOption(new Option('--namespace <name>', namespaceText).env('HOLDFAST_NAMESPACE').default('s3-test'))
    .option('--request <json>', 'the rest of the request: JSON, or @ and a file of it')
}

function defined(values: Request): Request {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
