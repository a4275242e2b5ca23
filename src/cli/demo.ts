import { ApplicationFailure, Client, Connection, WorkflowFailedError } from '@temporalio/client'
import type { LabFile } from '../../lab/lab-file.ts'
import { renderProgress } from '../../lab/render-progress.ts'
import { labUp } from '../../lab/up.ts'
import { type BackupRequest, parseBackupRequest } from '../domain/backup-request.ts'
import type { BackupResult, PipelineFailureDetails } from '../domain/backup-result.ts'
import { failureDocument, resultDocument, resultTables } from './demo-report.ts'
import { followPipeline } from './follow-pipeline.ts'
import { InputError } from './input-error.ts'
import { untilInterrupted } from './interruption.ts'
import { mountSql } from './mount-sql.ts'
import { readSqlInput, type SqlInput } from './sql-input.ts'
import { startWorker } from './worker-process.ts'

const TASK_QUEUE = 'holdfast'
const NAMESPACE = 's3-test'
const CLEANUP_ID = 'cleanup'

export interface DemoOptions {
  readonly output: 'table' | 'json'
  readonly cluster: 'lab' | 'current'
  readonly workflowId: string
  readonly tables?: number
  readonly rows?: number
  readonly sql?: string
  readonly schema?: string
  readonly cleanup?: boolean
}

/** The whole demo. Its arguments are checked before anything is set up. */
export async function demo(options: DemoOptions): Promise<void> {
  checkOptions(options)
  const sql = options.sql === undefined ? undefined : await readSqlInput(options.sql, NAMESPACE)
  const request = demoRequest(options, sql)
  const view = renderProgress(process.stderr)
  const lab = await labUp({ cluster: options.cluster, onProgress: view.onProgress }).finally(() => view.close())
  if (sql) await mountSql(lab, NAMESPACE, sql)
  const worker = await startWorker(workerEnvironment(lab))
  let connection: Connection | undefined
  try {
    connection = await Connection.connect({ address: lab.temporal.address })
    const client = new Client({ connection })
    const work = options.cleanup ? cleanUp(client, options) : backUp(client, lab, options, request)
    await untilInterrupted(Promise.race([work, worker.failed]), howToCancel(lab, options))
  } finally {
    await connection?.close()
    await worker.stop()
  }
}

function checkOptions({ sql, schema, tables, rows, workflowId }: DemoOptions): void {
  if (workflowId.trim() === '') throw new InputError('--workflow-id: must not be empty.')
  if (sql === undefined) return
  if (schema === undefined) throw new InputError('--sql needs --schema NAME.')
  if (tables !== undefined) throw new InputError('--tables: the tables are those of the file; leave it out with --sql.')
  if (rows !== undefined) throw new InputError('--rows: the rows are those of the file; leave it out with --sql.')
}

function howToCancel(lab: LabFile, { cleanup, workflowId }: DemoOptions): string {
  const command = [lab.tools.temporal, 'workflow', 'cancel', '--address', lab.temporal.address]
  return [
    'Stopped following, and the worker. The workflow is not cancelled: it goes on when a worker runs again.',
    `To cancel it, which takes back what it made once a worker runs: ${command.join(' ')} --workflow-id '${cleanup ? CLEANUP_ID : workflowId}'`,
    'A worker runs with the next demo.',
  ].join('\n')
}

function demoRequest({ schema, tables, rows }: DemoOptions, sql: SqlInput | undefined): BackupRequest {
  if (sql) return parseBackupRequest({ sampleData: { kind: 'sqlFile', schema, sha256: sql.sha256 } })
  const numbers = { ...(tables !== undefined && { tables }), ...(rows !== undefined && { rowsPerTable: rows }) }
  return parseBackupRequest({ sampleData: { kind: 'sysbench', ...(schema !== undefined && { schema }), ...numbers } })
}

async function cleanUp(client: Client, { output }: DemoOptions): Promise<void> {
  const input = { namespace: NAMESPACE }
  const started = { taskQueue: TASK_QUEUE, workflowId: CLEANUP_ID, args: [input] }
  const { removed }: { removed: string[] } = await client.workflow.execute('Cleanup', started)
  if (output === 'json') print(json({ workflowId: CLEANUP_ID, removed }))
  say(removed.length === 0 ? 'There was nothing to remove.' : `Removed: ${removed.join(', ')}. The bucket stays.`)
}

async function backUp(client: Client, lab: LabFile, options: DemoOptions, request: BackupRequest): Promise<void> {
  const { workflowId } = options
  const handle = await client.workflow.start('BackupPipeline', { taskQueue: TASK_QUEUE, workflowId, args: [request] })
  const runId = handle.firstExecutionRunId
  const address = `${lab.temporal.uiUrl}/namespaces/default/workflows/${workflowId}/${runId}`
  say(`Pipeline: ${address}`)
  const end = new AbortController()
  const following = followPipeline(handle, say, end.signal)
  try {
    const result: BackupResult = await handle.result().finally(() => {
      end.abort()
      return following
    })
    print(options.output === 'json' ? json(resultDocument(workflowId, runId, result)) : resultTables(result))
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error
    process.exitCode = 1
    const failure = error.cause instanceof ApplicationFailure ? error.cause : undefined
    const message = failure?.message ?? error.cause?.message ?? error.message
    const details = failure?.details?.[0] as PipelineFailureDetails | undefined
    if (options.output === 'json') print(json(failureDocument(workflowId, runId, message, details)))
    say(message)
    if (details) say(`Taken back: ${details.undone.join(', ') || 'nothing'}.`)
    for (const { name, why } of details?.notUndone ?? []) say(`Could not be taken back: ${name}: ${why}`)
    say(`Its whole history: ${address}`)
  }
}

function workerEnvironment(lab: LabFile): Record<string, string> {
  const images = lab.images && {
    HOLDFAST_TOOLS_IMAGE: lab.images.tools,
    HOLDFAST_TERRAFORM_IMAGE: lab.images.terraform,
    HOLDFAST_MYSQL_IMAGE: lab.images.mysql,
  }
  return { KUBECONFIG: lab.kubernetes.kubeconfig, TEMPORAL_ADDRESS: lab.temporal.address, ...images }
}

function json(document: object): string {
  return JSON.stringify(document, undefined, 2)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** For a person: standard output belongs to the result. */
function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
