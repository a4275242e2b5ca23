import { randomUUID } from 'node:crypto'
import type { S3Client } from '@aws-sdk/client-s3'
import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import {
  ApplicationFailure,
  CancelledFailure,
  Client,
  Connection,
  WorkflowFailedError,
  type WorkflowHandle,
} from '@temporalio/client'
import pRetry from 'p-retry'
import { workerEnvironment } from '../../../lab/worker-environment.ts'
import type { BackupRequestInput } from '../../../src/domain/backup-request.ts'
import type { BackupResult } from '../../../src/domain/backup-result.ts'
import { type PipelineFailureDetails, pipelineFailureDetailsSchema } from '../../../src/domain/backup-result.ts'
import { backupIdOf, randomPartOf } from '../../../src/domain/names.ts'
import { connectKubernetes } from '../../../src/kubernetes/kubernetes-client.ts'
import { clearNamespace } from '../../support/clear-namespace.ts'
import { administratorS3, kubectl, mysql, theLab, type WholeLab } from '../../support/lab.ts'
import { eventually } from '../../worker/support/eventually.ts'
import { killSpawnedWorkers, type SpawnedWorker, spawnWorker } from '../../worker/support/spawned-worker.ts'
import { JobRecorder, type SeenJob } from './job-recorder.ts'

export const NAMESPACE = 's3-test'

const ASKED_AGAIN = 30
const ASK_MILLISECONDS = 1000

/** The database of the pipelines that are struck. */
export interface Sample {
  readonly tables: number
  readonly rowsPerTable: number
}

export const SMALL: Sample = { tables: 2, rowsPerTable: 2000 }
/** So much that the pod of each step is seen to run, and can be struck. */
export const LARGE: Sample = { tables: 4, rowsPerTable: 100_000 }

/** How a pipeline ended that was struck. */
export type Outcome =
  | { readonly kind: 'proven'; readonly result: BackupResult }
  | { readonly kind: 'undone'; readonly message: string; readonly details?: PipelineFailureDetails }

/** A pipeline that runs, and what strikes it can get hold of. */
export interface StruckPipeline {
  readonly handle: WorkflowHandle
  readonly runId: string
  readonly backupId: string
}

/** The lab, a worker that can be killed, and the eyes of the test. */
export class FaultWorld {
  readonly lab: WholeLab
  /** Of the pipelines' Jobs and their MySQL. */
  readonly namespace: string
  readonly recorder: JobRecorder
  readonly #s3: S3Client
  /** By the API, not by kubectl: a step's pod may run for no longer than kubectl takes to start. */
  readonly #kubernetes = connectKubernetes()
  readonly taskQueue = `faults-${randomUUID()}`
  readonly #environment: Readonly<Record<string, string>>
  readonly #sample: Sample
  #worker: SpawnedWorker | undefined

  private constructor(
    lab: WholeLab,
    recorder: JobRecorder,
    s3: S3Client,
    environment: Readonly<Record<string, string>>,
    sample: Sample,
    namespace: string,
  ) {
    this.lab = lab
    this.namespace = namespace
    this.recorder = recorder
    this.#s3 = s3
    this.#environment = environment
    this.#sample = sample
  }

  /** @param changes of the worker's environment: a proxy in place of a server, say */
  static async start(
    changes: Readonly<Record<string, string>> = {},
    sample: Sample = SMALL,
    namespace = NAMESPACE,
  ): Promise<FaultWorld> {
    const lab = await theLab()
    const environment = { ...workerEnvironment(lab), ...changes }
    const world = new FaultWorld(lab, JobRecorder.start(), await administratorS3(lab), environment, sample, namespace)
    await world.clear()
    return world
  }

  async stop(): Promise<void> {
    await this.leave()
    await this.clear()
  }

  /** Stops all that it started, and leaves what is in its namespace. */
  async leave(): Promise<void> {
    await killSpawnedWorkers()
    await this.recorder.stop()
    this.#s3.destroy()
  }

  /** Ends pipelines that are left in their namespace, and removes what they made there, MySQL too. */
  async clear(): Promise<void> {
    await clearNamespace(this.lab, this.namespace)
  }

  /** Starts a worker, and returns when it polls. */
  async startWorker(): Promise<void> {
    this.#worker = spawnWorker({ ...this.#environment, HOLDFAST_TASK_QUEUE: this.taskQueue })
    await this.#worker.line('Worker ready')
  }

  /** SIGKILL: the worker has no chance to say anything. */
  async killWorker(): Promise<void> {
    this.#worker?.kill('SIGKILL')
    await this.#worker?.ended
  }

  /** @param changes of its request */
  async startPipeline(client: Client, changes: Partial<BackupRequestInput> = {}): Promise<StruckPipeline> {
    const request = { namespace: this.namespace, sampleData: { kind: 'sysbench', ...this.#sample }, ...changes }
    const handle = await this.startWorkflow(client, 'BackupPipeline', request)
    const { startTime, runId } = await handle.describe()
    return { handle, runId, backupId: backupIdOf(startTime, randomPartOf(runId)) }
  }

  async startWorkflow(client: Client, type: string, input: object): Promise<WorkflowHandle> {
    const workflowId = `struck-${randomUUID()}`
    return await client.workflow.start(type, { taskQueue: this.taskQueue, workflowId, args: [input] })
  }

  /** A client of the lab's Temporal: to be closed. */
  async connect(): Promise<{ readonly client: Client; readonly connection: Connection }> {
    const connection = await Connection.connect({ address: this.lab.temporal.address })
    return { client: new Client({ connection }), connection }
  }

  /** The pods of a Job are deleted at once, as when their node goes away. */
  async deletePods(job: SeenJob): Promise<void> {
    const labelSelector = `batch.kubernetes.io/job-name=${job.name}`
    await this.#kubernetes.core.deleteCollectionNamespacedPod({
      namespace: job.namespace,
      labelSelector,
      gracePeriodSeconds: 0,
    })
  }

  async deleteJob({ name, namespace }: SeenJob): Promise<void> {
    await this.#kubernetes.batch.deleteNamespacedJob({ name, namespace, propagationPolicy: 'Background' })
  }

  /** Waits for the pipeline's end, and throws unless it is one of the two that may be. */
  async outcomeOf({ handle }: StruckPipeline): Promise<Outcome> {
    try {
      return { kind: 'proven', result: await resultOf(handle) }
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error
      const { cause } = error
      if (cause instanceof CancelledFailure) return { kind: 'undone', message: 'cancelled' }
      // Refused at the door, it has made nothing that it could tell of: then there was nothing to strike.
      if (!(cause instanceof ApplicationFailure) || !cause.details?.length) throw cause
      const details = pipelineFailureDetailsSchema().parse(cause.details?.[0])
      return { kind: 'undone', message: cause.message, details }
    }
  }

  /** What must hold however a pipeline was struck. @returns what does not */
  async violations(pipeline: StruckPipeline, outcome: Outcome): Promise<string[]> {
    const jobs = this.recorder.jobsOf(pipeline.runId)
    const names = jobs.map(({ name }) => name)
    const twice = names.filter((name, index) => names.indexOf(name) !== index)
    return [
      ...twice.map((name) => `the Job ${name} was submitted twice`),
      ...(await this.#leftovers(pipeline, outcome)),
      ...(outcome.kind === 'proven' ? await this.#notProven(outcome.result) : await this.#notUndone(pipeline, outcome)),
    ]
  }

  async #notProven({ copies, bucket }: BackupResult): Promise<string[]> {
    const { tables, rowsPerTable } = this.#sample
    const count = (schema: string) =>
      Array.from({ length: tables }, (_, table) => `SELECT COUNT(*) FROM ${schema}.sbtest${table + 1}`).join(
        ' UNION ALL ',
      )
    const rows = await mysql(this.lab, this.namespace, count('sbtest_restored'))
    const missing = rows
      .filter((each) => Number(each) !== rowsPerTable)
      .map((each) => `a restored table has ${each} rows`)
    for (const { prefix, objects } of copies) {
      const found = await this.#objectsUnder(bucket, prefix)
      if (found !== objects) missing.push(`${prefix} has ${found} objects, not ${objects}`)
    }
    return missing
  }

  async #notUndone({ backupId }: StruckPipeline, outcome: Outcome & { kind: 'undone' }): Promise<string[]> {
    const bucket = `test-${this.lab.aws.accountId}`
    // What has a record is a backup, and is kept.
    const isSealed = (await this.#objectsUnder(bucket, `catalog/${backupId}/`)) > 0
    const wrong = (outcome.details?.notUndone ?? [])
      .filter(({ why }) => !isSealed || !why.includes('has a record'))
      .map(({ name, why }) => `${name} was not undone: ${why}`)
    for (const folder of ['backup1', 'backup2']) {
      const found = await this.#objectsUnder(bucket, `${folder}/${backupId}/`)
      if (isSealed && found === 0) wrong.push(`${folder}/${backupId}/ is gone, and has a record`)
      if (!isSealed && found > 0) wrong.push(`${folder}/${backupId}/ still has ${found} objects`)
    }
    return wrong
  }

  async #leftovers({ runId, backupId }: StruckPipeline, outcome: Outcome): Promise<string[]> {
    const active = await eventually(async () => {
      const jobs = await kubectl(
        this.lab,
        'get',
        'jobs',
        '--all-namespaces',
        '--selector',
        `holdfast.dev/run=${runId}`,
        '--output',
        'json',
      )
      const running: string[] = JSON.parse(jobs)
        .items.filter((job: { status: { active?: number } }) => (job.status.active ?? 0) > 0)
        .map((job: { metadata: { name: string } }) => job.metadata.name)
      if (running.length > 0) throw new Error(`still active: ${running.join(', ')}`)
      return running
    }).catch((error: Error) => [error.message])
    return [...active, ...(await this.#leftClaims(backupId, outcome))]
  }

  /** Of an undone pipeline a failed Job stays with its log, and with it the claim, marked for its deletion. */
  async #leftClaims(backupId: string, outcome: Outcome): Promise<string[]> {
    const claim = ['pvc', `staging-${backupId.toLowerCase()}`, '--ignore-not-found']
    const marked = '--output=jsonpath={.metadata.name} {.metadata.deletionTimestamp}'
    return await eventually(async () => {
      const found = await kubectl(this.lab, '--namespace', this.namespace, 'get', ...claim, marked)
      const isMarked = found.trim().includes(' ')
      if (found !== '' && !(outcome.kind === 'undone' && isMarked)) throw new Error(`left over: claim ${found}`)
      return []
    }).catch((error: Error) => [error.message])
  }

  async #objectsUnder(bucket: string, prefix: string): Promise<number> {
    const listed = await this.#s3
      .send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
      .catch((error: Error) => {
        if (error.name === 'NoSuchBucket') return { Contents: [] }
        throw error
      })
    return listed.Contents?.length ?? 0
  }
}

/** Temporal may be what was struck: only how the pipeline ended counts, not how often it had to be asked. */
async function resultOf(handle: WorkflowHandle): Promise<BackupResult> {
  return await pRetry<BackupResult>(async () => await handle.result(), {
    retries: ASKED_AGAIN,
    minTimeout: ASK_MILLISECONDS,
    factor: 1,
    shouldRetry: ({ error }) => !(error instanceof WorkflowFailedError),
  })
}
