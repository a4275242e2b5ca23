import { Client, Connection } from '@temporalio/client'
import { loadClientConnectConfig } from '@temporalio/envconfig'
import { CheckFailed, Checklist, type Explain } from '../../domain/checklist.ts'
import type { Finding } from '../../domain/doctor.ts'
import type { DoctorRequest } from '../../domain/doctor-request.ts'
import { rootMessage } from '../../worker/root-message.ts'
import { askWorker, WORKERS_CHECKS } from './ask-worker.ts'
import { assertNamespace, assertPolled, assertSearchAttributes } from './examine-temporal.ts'

const DEFAULT_ADDRESS = 'localhost:7233'
const CONNECT_SECONDS = 10
const TAKE_UP_SECONDS = 20

/** Where the worker is asked, and what may be changed. */
export interface DiagnosisOptions {
  readonly taskQueue: string
  /** Whether search attributes that are missing are registered. */
  readonly fix: boolean
  /**
   * For how long Temporal is tried to be reached. gRPC tries again until then, also where nobody listens.
   *
   * @default 10
   */
  readonly connectSeconds?: number
  /**
   * For how long a worker may leave the doctor's workflow lying.
   *
   * @default 20
   */
  readonly takeUpSeconds?: number
}

/**
 * Looks at what can be seen from here, which is Temporal; has a worker look at everything else.
 *
 * @param onFinding is told each finding once it is known, in the order of the checks
 * @param onWait is told, in words, what is waited for
 * @returns all findings
 */
export async function diagnose(
  request: DoctorRequest,
  { taskQueue, fix, connectSeconds = CONNECT_SECONDS, takeUpSeconds = TAKE_UP_SECONDS }: DiagnosisOptions,
  onFinding: (finding: Finding) => void = () => undefined,
  onWait: (words: string) => void = () => undefined,
): Promise<Finding[]> {
  const list = new Checklist(explain)
  let told = 0
  const tell = () => {
    const { findings } = list
    for (const finding of findings.slice(told)) onFinding(finding)
    told = findings.length
  }
  const opened: { client?: Client } = {}
  try {
    await list.look('temporal', [], async () => {
      const { client, words } = await connect(connectSeconds)
      opened.client = client
      return words
    })
    tell()
    await list.look('namespace', ['temporal'], () => assertNamespace(clientOf(opened)))
    await list.look('searchAttributes', ['namespace'], () => assertSearchAttributes(clientOf(opened), fix))
    tell()
    await list.ask(['worker', ...WORKERS_CHECKS], ['namespace'], async () => {
      const found = await assertPolled(clientOf(opened), taskQueue)
      onWait(`Asking the worker, which starts Jobs in ${request.namespace} …`)
      const findings = await askWorker(clientOf(opened), request, { taskQueue, takeUpSeconds })
      return { findings: [{ check: 'worker', state: 'ok', found }, ...findings] }
    })
    tell()
    return list.findings
  } finally {
    await opened.client?.connection.close()
  }
}

/** Temporal, found as its own tools find it: by `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, ... or their configuration file. */
async function connect(seconds: number): Promise<{ readonly client: Client; readonly words: string }> {
  const { connectionOptions, namespace } = readSettings()
  const address = connectionOptions.address ?? DEFAULT_ADDRESS
  try {
    const connection = await Connection.connect({ ...connectionOptions, connectTimeout: seconds * 1000 })
    const { serverVersion } = await connection.workflowService.getSystemInfo({})
    const client = new Client({ connection, ...(namespace !== undefined && { namespace }) })
    return { client, words: `${serverVersion} answers at ${address}` }
  } catch (error) {
    throw new CheckFailed(
      `cannot be reached at ${address}: ${rootMessage(error)}`,
      'Is it up (in the lab: npm run lab -- up), and are TEMPORAL_ADDRESS and its credentials right?',
      error,
    )
  }
}

function readSettings(): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig()
  } catch (error) {
    throw new CheckFailed(
      `its settings cannot be read: ${rootMessage(error)}`,
      'Check TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE and the other TEMPORAL_ variables.',
      error,
    )
  }
}

function clientOf({ client }: { readonly client?: Client }): Client {
  if (!client) throw new Error('there is no connection to it')
  return client
}

/** Whatever Temporal answers to a question that it should answer. */
const explain: Explain = (error) => ({
  found: `Temporal does not say: ${rootMessage(error)}`,
  remedy: 'Do its credentials allow this namespace?',
})
