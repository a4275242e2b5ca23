import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import { type BackupRequest, InvalidRequestError, parseBackupRequest, schemaMapping } from '../domain/backup-request.ts'
import type { BackupResult, PipelineFailureDetails } from '../domain/backup-result.ts'
import { backupIdOf } from '../domain/names.ts'
import type { StepActivities, UndoActivities } from '../domain/step-inputs.ts'
import type { StepName } from '../domain/steps.ts'
import { Compensation, rootMessage } from './compensation.ts'
import { progressQuery } from './messages.ts'
import { StepLog } from './step-log.ts'
import { STEP_POLICIES, stepOptions, UNDO_OPTIONS, UNDO_TRIES } from './step-policies.ts'

const undo = proxyActivities<UndoActivities>(UNDO_OPTIONS)

/**
 * Backs up a MySQL schema and proves the backup by restoring it: the whole night, from top to bottom.
 *
 * @param input a `BackupRequest`; `{}` asks for the demo
 * @throws {ApplicationFailure} `InvalidRequest` before anything was created; otherwise the failed step's own type, with
 * `PipelineFailureDetails` that say what was undone
 */
export async function BackupPipeline(input: unknown): Promise<BackupResult> {
  const pipeline = new Pipeline(validated(input))
  setHandler(progressQuery, () => pipeline.log.progress(pipeline.backupId))
  try {
    return await pipeline.run()
  } catch (error) {
    throw await pipeline.undo(error)
  }
}

class Pipeline {
  readonly log = new StepLog()
  readonly backupId = backupIdOf(workflowInfo().startTime, workflowInfo().firstExecutionRunId)
  readonly #request: BackupRequest
  readonly #compensation = new Compensation()

  constructor(request: BackupRequest) {
    this.#request = request
  }

  async run(): Promise<BackupResult> {
    const { namespace, threads, sampleData } = this.#request
    const { backupId, log } = this
    const mapping = schemaMapping(this.#request)
    const undoing = { namespace, maximumTries: UNDO_TRIES }

    const storage = await log.note(
      'provision',
      () => step('provision').provision(this.#input('provision')),
      ({ changed }) => (changed ? 'storage made' : 'nothing to change'),
    )
    const bucket = bucketOf(storage.outputs)

    this.#compensation.push('removeMysql', () => undo.removeMysql(undoing))
    await log.note(
      'deployMysql',
      () => step('deployMysql').deployMysql(this.#input('deployMysql')),
      ({ serverVersion }) => `MySQL ${serverVersion}`,
    )
    await log.note(
      'loadSampleData',
      () => step('loadSampleData').loadSampleData({ ...this.#input('loadSampleData'), sampleData, threads }),
      ({ tables, rows, loaded }) => `${tables} tables, ${rows} rows${loaded ? '' : ', there already'}`,
    )

    this.#compensation.push('releaseStaging', () => undo.releaseStaging({ namespace, backupId }))
    const dump = await log.note(
      'dump',
      () => step('dump').dump({ ...this.#input('dump'), backupId, schemas: [sampleData.schema], threads }),
      ({ tables, rows, bytes }) => `${tables} tables, ${rows} rows, ${bytes} bytes`,
    )

    const backup = { backupId, bucket }
    this.#compensation.push('deleteUpload', () => undo.deleteUpload({ ...undoing, ...backup }))
    const upload = await log.note(
      'upload',
      () => step('upload').upload({ ...this.#input('upload'), ...backup }),
      ({ objects, bytes }) => `${objects} objects, ${bytes} bytes`,
    )
    this.#compensation.push('deleteCopy', () => undo.deleteCopy({ ...undoing, ...backup }))
    const copy = await log.note(
      'copy',
      () => step('copy').copy({ ...this.#input('copy'), ...backup }),
      ({ objects, transferredBytes }) => `${objects} objects, ${transferredBytes} bytes through the pod`,
    )

    const restoring = { ...backup, schemaMapping: mapping, threads }
    this.#compensation.push('dropRestored', () => undo.dropRestored({ ...undoing, schemas: Object.values(mapping) }))
    await log.note(
      'restore',
      () => step('restore').restore({ ...this.#input('restore'), ...restoring }),
      ({ schemas, tables }) => `${tables} tables into ${schemas.join(', ')}`,
    )
    const proof = await log.note(
      'verify',
      () => step('verify').verify({ ...this.#input('verify'), ...restoring }),
      ({ tableCount }) => `${tableCount} tables equal`,
    )

    await CancellationScope.nonCancellable(() => undo.releaseStaging({ namespace, backupId }))
    log.enter('done')
    return {
      outcome: 'proven',
      backupId,
      bucket,
      steps: log.reports,
      tables: proof.tables,
      tableCount: proof.tableCount,
      copies: [upload, copy].map(({ prefix, objects, bytes }) => ({ prefix, objects, bytes })),
      copyTransferredBytes: copy.transferredBytes,
      lockedMilliseconds: dump.lockedMilliseconds,
      storageChanged: storage.changed,
    }
  }

  /** Takes back what the pipeline made, and returns the failure with which it ends. */
  async undo(error: unknown): Promise<unknown> {
    this.log.enter('undoing')
    const failedStep = this.log.failedStep()
    // Should this fail too, the undos still run: each is told apart from the Jobs that it competes with by its own name.
    await CancellationScope.nonCancellable(() => undo.stopJobs({ namespaces: [this.#request.namespace] })).catch(
      () => undefined,
    )
    const undone = await this.#compensation.unwind()
    this.log.enter('failed')
    if (isCancellation(error)) return error
    const details: PipelineFailureDetails = {
      backupId: this.backupId,
      steps: this.log.reports,
      ...undone,
      ...(failedStep && { failedStep }),
    }
    return ApplicationFailure.create({
      message: `The step ${failedStep} failed. ${rootMessage(error)}`,
      type: failureType(error),
      nonRetryable: true,
      details: [details],
      ...(error instanceof Error && { cause: error }),
    })
  }

  #input(name: StepName) {
    return { namespace: this.#request.namespace, maximumTries: STEP_POLICIES[name].maximumTries }
  }
}

function step(name: StepName): StepActivities {
  return proxyActivities<StepActivities>(stepOptions(name))
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

function failureType(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error
  return cause instanceof ApplicationFailure && cause.type ? cause.type : 'StepFailed'
}
