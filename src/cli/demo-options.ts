import type { LabFile } from '../../lab/lab-file.ts'
import { type BackupRequest, parseBackupRequest } from '../domain/backup-request.ts'
import type { DemoWorkerPlace } from './demo-worker.ts'
import { InputError } from './input-error.ts'
import { readSqlInput, type SqlInput } from './sql-input.ts'

export interface DemoOptions {
  readonly output: 'table' | 'json'
  readonly cluster: LabFile['cluster']
  readonly worker: DemoWorkerPlace
  readonly workflowId: string
  readonly tables?: number
  readonly rows?: number
  readonly sql?: string
  readonly schema?: string
  readonly restoreSuffix?: string
  readonly cleanup?: boolean
}

/** What a demo was asked to back up. */
export interface DemoOrder {
  readonly request: BackupRequest
  /** A person's own data in place of sysbench's. */
  readonly sql?: SqlInput
}

/**
 * Checks the options of a demo, which have not been acted upon yet.
 *
 * @param namespace where a SQL file is to stand
 * @throws {InputError | InvalidRequestError} naming what is wrong
 */
export async function readDemoOrder(options: DemoOptions, namespace: string): Promise<DemoOrder> {
  checkCombination(options)
  if (options.sql === undefined) return { request: sysbenchRequest(options) }
  const sql = await readSqlInput(options.sql, namespace)
  const sampleData = { kind: 'sqlFile', schema: options.schema, sha256: sql.sha256 }
  return { request: requestFor(sampleData, options), sql }
}

/** Whether a demo asks for data of its own, which a pipeline that runs already would not back up. */
export function asksForData({ tables, rows, sql, schema }: DemoOptions): boolean {
  return [tables, rows, sql, schema].some((option) => option !== undefined)
}

function checkCombination({ sql, schema, tables, rows, workflowId, cluster, worker }: DemoOptions): void {
  if (workflowId.trim() === '') throw new InputError('--workflow-id: must not be empty.')
  if (cluster === 'compose' && worker === 'cluster') {
    throw new InputError(
      '--worker cluster: only in the lab. With --cluster compose the worker is a service of docker-compose.yml.',
    )
  }
  if (cluster === 'current' && worker === 'cluster') {
    throw new InputError(
      "--worker cluster: only in the lab. In a cluster of your own, pods do not reach this machine's Temporal: " +
        'manifests/worker/overlays/eks is the worker there.',
    )
  }
  if (sql === undefined) return
  if (schema === undefined) throw new InputError('--sql needs --schema NAME.')
  if (tables !== undefined) throw new InputError('--tables: the tables are those of the file; leave it out with --sql.')
  if (rows !== undefined) throw new InputError('--rows: the rows are those of the file; leave it out with --sql.')
}

function sysbenchRequest(options: DemoOptions): BackupRequest {
  const { schema, tables, rows } = options
  const numbers = { ...(tables !== undefined && { tables }), ...(rows !== undefined && { rowsPerTable: rows }) }
  return requestFor({ kind: 'sysbench', ...(schema !== undefined && { schema }), ...numbers }, options)
}

function requestFor(sampleData: object, { restoreSuffix }: DemoOptions): BackupRequest {
  return parseBackupRequest({ sampleData, ...(restoreSuffix !== undefined && { restoreSuffix }) })
}
