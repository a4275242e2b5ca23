import type { DrillRequest, RestoreRequest } from '../../domain/restore-request.ts'
import { parseDrillRequest, parseRestoreRequest } from '../../domain/restore-request.ts'
import { InputError } from '../input-error.ts'

/** What `restore` and `drill` take alike. */
export interface WantedOptions {
  readonly bucket: string
  readonly namespace: string
  readonly backupOf?: string
  readonly copy?: string
  readonly threads?: number
  readonly workflowId?: string
  readonly taskQueue: string
  readonly output: 'table' | 'json'
}

export interface RestoreOptions extends WantedOptions {
  /** As `name` or `name=other name`. */
  readonly schema: readonly string[]
  readonly suffix: string
  /** As `schema.table`. */
  readonly table: readonly string[]
  readonly overwrite?: boolean
  readonly server?: string
  readonly user?: string
  readonly passwordSecret?: string
  readonly sslMode?: string
}

export interface DrillOptions extends WantedOptions {
  readonly storage?: string
}

/**
 * The request that the options of `backups restore` stand for.
 *
 * @param backup an id, or `latest`
 * @throws {InputError} naming what is wrong; nothing has been asked of anybody by then
 */
export function restoreRequestOf(backup: string, options: RestoreOptions): RestoreRequest {
  const { schema, suffix, table, server, user, passwordSecret, sslMode } = options
  const schemas = schema.map((text) => mappingOf(text, suffix))
  return asInput(() =>
    parseRestoreRequest({
      ...wanted(backup, options),
      ...(schemas.length > 0 && { schemas: Object.fromEntries(schemas) }),
      restoreSuffix: suffix,
      tables: tablesOf(table),
      ifExists: options.overwrite ? 'swap' : 'refuse',
      ...(server !== undefined && { server: serverOf(server, { user, passwordSecret, sslMode }) }),
    }),
  )
}

/** The request that the options of `backups drill` stand for. @throws {InputError} naming what is wrong */
export function drillRequestOf(backup: string, options: DrillOptions): DrillRequest {
  const { storage } = options
  return asInput(() => parseDrillRequest({ ...wanted(backup, options), ...(storage !== undefined && { storage }) }))
}

function wanted(backup: string, { bucket, namespace, backupOf, copy, threads }: WantedOptions): object {
  return {
    backup,
    bucket,
    namespace,
    ...(backupOf !== undefined && { backupOf }),
    ...(copy !== undefined && { copy }),
    ...(threads !== undefined && { threads }),
  }
}

function mappingOf(text: string, suffix: string): [string, string] {
  const at = text.indexOf('=')
  return at < 0 ? [text, text + suffix] : [text.slice(0, at), text.slice(at + 1)]
}

function tablesOf(texts: readonly string[]): Record<string, string[]> {
  const tables: Record<string, string[]> = {}
  for (const text of texts) {
    const at = text.indexOf('.')
    if (at < 0) throw new InputError(`--table ${text}: say of which schema, as in shop.orders.`)
    const [schema, table] = [text.slice(0, at), text.slice(at + 1)]
    tables[schema] = [...(tables[schema] ?? []), table]
  }
  return tables
}

/** A server as `host[:port]`, and how and as whom it is reached: as a request has it. */
export function serverOf(
  text: string,
  how: Readonly<Record<'user' | 'passwordSecret' | 'sslMode', string | undefined>>,
) {
  const [, host, port] = /^(.*?)(?::(\d+))?$/.exec(text) ?? []
  return {
    host,
    ...(port !== undefined && { port: Number(port) }),
    ...Object.fromEntries(Object.entries(how).filter(([, value]) => value !== undefined)),
  }
}

function asInput<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    throw new InputError(error instanceof Error ? error.message : String(error))
  }
}
