import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { InputError } from '../input-error.ts'
import { ruleInput } from '../retention-options.ts'
import type { BackupRequestOptions, DrillRequestOptions, PruneRequestOptions } from './request-options.ts'

const requestSchema = z.record(z.string(), z.unknown())
type Request = z.infer<typeof requestSchema>

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

function defined(values: Request): Request {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
