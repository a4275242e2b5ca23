import { ApplicationFailure, CancellationScope, patched, workflowInfo } from '@temporalio/workflow'
import {
  type BackupRequest,
  InvalidRequestError,
  parseBackupRequest,
  schemaMapping,
  stepsOf,
} from '../domain/backup-request.ts'
import type { BackupResult } from '../domain/backup-result.ts'
import { backupInShort } from '../domain/in-short.ts'
import { type BackupId, backupIdOf, randomPartOf } from '../domain/names.ts'
import type { DumpAndUploadAnswer } from '../domain/step-answers.ts'
import type { BackupInput, DumpInput } from '../domain/step-inputs.ts'
import { Compensation } from './compensation.ts'
import { type HeldDatabase, holdDatabase } from './database-lock.ts'
import { answeringAll, answerProgress } from './handlers.ts'
import { countUpload } from './metrics.ts'
import {
  FOUND_SEALED,
  HOLDS_RESTORED,
  ONE_PIPELINE_PER_DATABASE,
  RANDOM_BACKUP_IDS,
  SEALED_BACKUPS,
} from './patches.ts'
import { failureType } from './pipeline-failure.ts'
import { PipelineStatus } from './pipeline-status.ts'
import { countingFailures } from './schedule-failures.ts'
import { UNDO_TRIES } from './step-policies.ts'
import { StepRunner } from './step-runner.ts'
import { takeBack } from './take-back.ts'
import { tellProof } from './tell-proof.ts'
import { type Proof, tellingTheEnd } from './telling-the-end.ts'
import { undo } from './undo-activities.ts'
import { noVisibility, stepVisibility, visibilityOf } from './visibility.ts'

/** Failures of steps that say that there is a record of the backup already. */
const SEALED_ALREADY: readonly string[] = ['BackupSealed', 'RecordExists']

/**
 * Backs up MySQL schemas and proves the backup by restoring it: the whole night, from top to bottom.
 *
 * @param input a `BackupRequest`; `{}` asks for the demo
 * @throws {ApplicationFailure} `InvalidRequest` or `DatabaseBusy` before anything was created; otherwise the failed step's own
 * type, with `PipelineFailureDetails` that say what was undone
 */
export async function BackupPipeline(input: unknown): Promise<BackupResult> {
  return await tellingTheEnd(async () => {
    return await countingFailures(async () => {
      const request = validated(input)
      return await answeringAll(() => backUp(request))
    })
  }, proofOf)
}

function proofOf({ copies, tableCount: tables, objectCount: objects, steps }: BackupResult): Proof {
  return { bytes: Math.max(...copies.map(({ bytes }) => bytes)), tables, objects, steps }
}

async function backUp(request: BackupRequest): Promise<BackupResult> {
  const isDurable = patched(ONE_PIPELINE_PER_DATABASE)
  const { startTime, firstExecutionRunId: runId } = workflowInfo()
  const backupId = backupIdOf(startTime, patched(RANDOM_BACKUP_IDS) ? randomPartOf(runId) : runId)
  const shown = { backupId, database: request }
  const visibility = isDurable ? visibilityOf({ proves: true, before: stepVisibility }) : noVisibility
  const status = new PipelineStatus(stepsOf(request), shown, backupInShort(request), visibility)
  const pipeline = new Pipeline(request, backupId, status)
  const database = isDurable ? await hold(request, status) : undefined
  try {
    return await pipeline.run()
  } catch (error) {
    throw await pipeline.takeBack(error)
  } finally {
    await CancellationScope.nonCancellable(async () => await database?.release())
  }
}

/**
 * Takes the database, or ends without having made anything. What is restored for the proof is taken as well: a restore for use that
 * exchanges such a schema meanwhile would have the comparison find another backup's data.
 */
async function hold(request: BackupRequest, status: PipelineStatus): Promise<HeldDatabase> {
  const { namespace, schemas, whenBusy } = request
  const held = patched(HOLDS_RESTORED)
    ? { schemas: [...schemas, ...Object.values(schemaMapping(request))], released: 'at once' as const }
    : { schemas, released: 'one by one' as const }
  try {
    return await holdDatabase({ namespace, whenBusy, ...held }, status)
  } catch (error) {
    status.enterFailed(error)
    throw error
  }
}

class Pipeline {
  readonly #request: BackupRequest
  readonly #backupId: BackupId
  readonly #status: PipelineStatus
  readonly #compensation = new Compensation()

  constructor(request: BackupRequest, backupId: BackupId, status: PipelineStatus) {
    this.#request = request
    this.#backupId = backupId
    this.#status = status
    answerProgress(status)
  }

  async run(): Promise<BackupResult> {
    const { namespace, threads, sampleData, schemas } = this.#request
    const backupId = this.#backupId
    const steps = new StepRunner(this.#request, this.#status)
    const mapping = schemaMapping(this.#request)
    const undoing = { namespace, maximumTries: UNDO_TRIES }
    this.#status.enter('running')

    const storage = await steps.run(
      'provision',
      ({ provision }, input) => provision(input),
      ({ changed }) => (changed ? 'storage made' : 'nothing to change'),
    )
    const bucket = bucketOf(storage.outputs)

    this.#compensation.push('removeMysql', () => undo.removeMysql(undoing))
    let { databaseBytes } = await steps.run(
      'deployMysql',
      ({ deployMysql }, input) => deployMysql({ ...input, schemas }),
      ({ serverVersion }) => `MySQL ${serverVersion}`,
    )
    if (sampleData.kind !== 'none') {
      const loaded = await steps.run(
        'loadSampleData',
        ({ loadSampleData }, input) => loadSampleData({ ...input, sampleData, schemas, threads }),
        ({ tables, rows, loaded }) => `${tables} tables, ${rows} rows${loaded ? '' : ', there already'}`,
      )
      databaseBytes = loaded.databaseBytes
    }

    const backup = { backupId, bucket }
    const { dump, upload } = await this.#dumpAndUpload(steps, backup, databaseBytes)
    this.#status.noteBackup({ bytes: upload.bytes })
    countUpload(this.#request, { rows: dump.rows, bytes: upload.bytes })
    this.#compensation.push('deleteCopy', () => undo.deleteCopy({ ...undoing, ...backup }))
    const copy = await steps.run(
      'copy',
      ({ copy }, input) => copy({ ...input, ...backup, request: this.#request, steps: this.#status.log.reports }),
      ({ objects, transferredBytes }) => `${objects} objects, ${transferredBytes} bytes through the pod`,
    )

    // It has a record now. What fails from here on says nothing against it, or is written down beside it.
    if (patched(SEALED_BACKUPS)) this.#compensation.keep('deleteUpload', 'deleteCopy')

    const { engine } = dump
    const restoring = { ...backup, schemaMapping: mapping, threads, ...(engine && { engine }) }
    this.#compensation.push('dropRestored', () => undo.dropRestored({ ...undoing, schemas: Object.values(mapping) }))
    await steps.run(
      'restore',
      ({ restore }, input) => restore({ ...input, ...restoring }),
      ({ schemas, tables }) => `${tables} tables into ${schemas.join(', ')}`,
    )
    const proof = await steps.run(
      'verify',
      ({ verify }, input) => verify({ ...input, ...restoring }),
      ({ tableCount, objectCount }) => `${tableCount} tables and ${objectCount} other objects equal`,
    )

    if (this.#request.staging === 'volume') {
      // What its failed tries had to say is in the history, and the backup is proven.
      await CancellationScope.nonCancellable(() => undo.releaseStaging({ namespace, backupId, failedJobs: 'delete' }))
    }
    const { tableCount, objectCount } = proof
    this.#status.showMemo({
      result: { backupId, bucket, bytes: upload.bytes, tables: tableCount, objects: objectCount },
    })
    this.#status.enter('done', 'proven')
    await tellProof(this.#request, { backupId, bytes: upload.bytes })
    return {
      outcome: 'proven',
      backupId,
      bucket,
      steps: this.#status.log.reports,
      tables: proof.tables,
      tableCount,
      objectCount,
      copies: [upload, copy].map(({ prefix, objects, bytes }) => ({ prefix, objects, bytes })),
      copyTransferredBytes: copy.transferredBytes,
      lockedMilliseconds: dump.lockedMilliseconds,
      withoutSnapshots: dump.withoutSnapshots,
      storageChanged: storage.changed,
    }
  }

  /** Gets the database into S3, by way of where the request has the dump lie. */
  async #dumpAndUpload(
    steps: StepRunner,
    backup: Pick<BackupInput, 'backupId' | 'bucket'>,
    databaseBytes: DumpInput['databaseBytes'],
  ): Promise<DumpAndUploadAnswer> {
    const { namespace, threads, schemas, accounts, staging, encryption, engine } = this.#request
    const dumping = { backupId: backup.backupId, schemas, threads, accounts, encryption, ...(engine && { engine }) }
    const deleteUpload = () => undo.deleteUpload({ namespace, maximumTries: UNDO_TRIES, ...backup })
    if (staging !== 'volume') {
      this.#compensation.push('deleteUpload', deleteUpload)
      return await steps.run(
        'dumpAndUpload',
        ({ dumpAndUpload }, input) => dumpAndUpload({ ...input, ...backup, ...dumping, staging }),
        ({ dump, upload }) =>
          `${dump.tables} tables, ${dump.rows} rows, ${upload.objects} objects, ${upload.bytes} bytes`,
      )
    }
    const { backupId } = backup
    this.#compensation.push('releaseStaging', () => undo.releaseStaging({ namespace, backupId }))
    const dump = await steps.run(
      'dump',
      ({ dump }, input) => dump({ ...input, ...dumping, ...(databaseBytes !== undefined && { databaseBytes }) }),
      ({ tables, rows, bytes }) => `${tables} tables, ${rows} rows, ${bytes} bytes`,
    )
    this.#compensation.push('deleteUpload', deleteUpload)
    const upload = await steps.run(
      'upload',
      ({ upload }, input) => upload({ ...input, ...backup }),
      ({ objects, bytes }) => `${objects} objects, ${bytes} bytes`,
    )
    return { dump, upload }
  }

  /** @returns the failure with which the pipeline ends, after what it made was taken back */
  async takeBack(error: unknown): Promise<unknown> {
    // What lies there is the backup of a run of this pipeline that was reset: it is not this one's to take back.
    if (SEALED_ALREADY.includes(failureType(error)) && patched(FOUND_SEALED)) {
      this.#compensation.keep('deleteUpload', 'deleteCopy')
    }
    return await takeBack(error, this.#status, this.#compensation, this.#request.namespace)
  }
}

function validated(input: unknown): BackupRequest {
  try {
    return parseBackupRequest(input)
  } catch (error) {
    if (error instanceof InvalidRequestError) throw ApplicationFailure.nonRetryable(error.message, 'InvalidRequest')
    throw error
  }
}

function bucketOf(outputs: Readonly<Record<string, string>>): string {
  const bucket = outputs.bucket
  if (bucket === undefined) throw ApplicationFailure.nonRetryable('Terraform has no output "bucket".', 'AnswerInvalid')
  return bucket
}
