import { type Command, Option } from 'commander'
import { type BackupRequest, parseBackupRequest, STAGINGS } from '../../domain/backup-request.ts'
import { encryptionSchema } from '../../domain/encryption.ts'
import { ENGINES } from '../../domain/engines.ts'
import { namespaceOption } from '../backups/workflow-options.ts'

/** What says which request is meant. */
export interface RequestOptions {
  readonly namespace: string
  readonly schema?: readonly string[]
  readonly sampleData?: 'none' | 'sysbench'
  readonly staging?: string
  readonly engine?: string
  readonly encryption?: string
  readonly threads?: number
  readonly onFailure?: string
  readonly whenBusy?: string
  /** A file, or JSON. */
  readonly request?: string
}

/** Adds the options of a request for a backup to a command. */
export function addRequestOptions(command: Command): Command {
  return command
    .addOption(namespaceOption())
    .option('--schema <name...>', 'what is backed up, all in one snapshot')
    .addOption(
      new Option('--sample-data <kind>', 'what is loaded before (default: none)').choices(['none', 'sysbench']),
    )
    .addOption(new Option('--staging <where>', 'where the dump lies until it is in S3').choices(STAGINGS))
    .addOption(new Option('--engine <name>', 'what dumps the rows; by default what the worker has').choices(ENGINES))
    .addOption(new Option('--encryption <kind>', 'before it leaves its pod').choices(encryptionSchema().options))
    .option('--threads <number>', 'connections, dumps and loads at a time', Number)
    .addOption(new Option('--on-failure <what>', 'when a step fails for good').choices(['undo', 'ask']))
    .addOption(
      new Option('--when-busy <what>', 'when another pipeline is at work on a schema').choices(['refuse', 'wait']),
    )
    .option('--request <file>', 'the whole request: a file of YAML or JSON, or JSON; what is said besides counts more')
}

/**
 * The request that the options stand for. Nothing is loaded unless somebody says so: a person's own database is no demo.
 *
 * @param isTyped whether an option stands on the command line, rather than in the environment or a settings file
 * @throws {InputError | InvalidRequestError} naming what is wrong; nothing has been asked of anybody by then
 */
export async function requestOf(
  options: RequestOptions,
  isTyped: (option: keyof RequestOptions) => boolean,
): Promise<BackupRequest> {
  const { request: given, namespace, schema, sampleData, ...others } = options
  const inFull = given === undefined ? {} : await readGiven(given)
  return parseBackupRequest({
    namespace,
    sampleData: { kind: 'none' },
    ...inFull,
    ...(isTyped('namespace') && { namespace }),
    ...(schema && { schemas: schema }),
    ...(sampleData && { sampleData: { kind: sampleData } }),
    ...fieldsOf(others),
  })
}

type OtherOptions = Omit<RequestOptions, 'request' | 'namespace' | 'schema' | 'sampleData'>

/** Those whose names are a request's own. */
function fieldsOf({ staging, engine, encryption, threads, onFailure, whenBusy }: OtherOptions): object {
  const fields = { staging, engine, encryption, threads, onFailure, whenBusy }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** What reads it is loaded where there is something to read. */
async function readGiven(given: string): Promise<object> {
  const { readRequest } = await import('../read-request.ts')
  return await readRequest(given)
}
