import { ApplicationFailure } from '@temporalio/workflow'
import type { SchemaName } from '../domain/names.ts'
import { backupIdSchema } from '../domain/names.ts'
import { InvalidRestoreError, type WantedBackup } from '../domain/restore-request.ts'
import type { RestoreResult } from '../domain/restore-result.ts'
import type { FindBackupAnswer } from '../domain/step-answers.ts'
import type { RestoreInput, StepInput } from '../domain/step-inputs.ts'
import type { PipelineStatus } from './pipeline-status.ts'
import type { StepRunner } from './step-runner.ts'

/** What of a backup is restored, and where to. */
export type RestoreWhat = Omit<RestoreInput, keyof StepInput | 'bucket' | 'threads' | 'copy'>

/** The backup that is meant. */
export type FoundBackup = Pick<RestoreInput, 'backupId' | 'engine'> & { readonly schemas: readonly string[] }

/** The steps that a restore and a drill have in common. */
export class RestoreSteps {
  readonly #request: WantedBackup
  readonly #status: PipelineStatus
  readonly #steps: StepRunner

  constructor(request: WantedBackup, status: PipelineStatus, steps: StepRunner) {
    this.#request = request
    this.#status = status
    this.#steps = steps
  }

  /** @param schemas which the backup must hold */
  async find(schemas: readonly SchemaName[]): Promise<FoundBackup> {
    const { bucket, backup, namespace, backupOf = namespace } = this.#request
    const found = await this.#steps.run(
      'findBackup',
      ({ findBackup }, input) => findBackup({ ...input, bucket, backup, backupOf, schemas }),
      foundText,
    )
    const backupId = backupIdSchema().parse(found.backupId)
    this.#status.noteBackup({ backupId, bytes: found.bytes })
    return { backupId, schemas: found.schemas, ...(found.engine && { engine: found.engine }) }
  }

  /** Restores, and compares what came back with what was dumped. */
  async restore(what: RestoreWhat): Promise<RestoreResult> {
    const { bucket, copy, threads } = this.#request
    const restoring = { ...what, bucket, copy, threads }
    await this.#steps.run(
      'restore',
      ({ restore }, input) => restore({ ...input, ...restoring }),
      ({ schemas, tables }) => `${tables} tables into ${schemas.join(', ')}`,
    )
    const { tableCount, objectCount, tables } = await this.#steps.run(
      'verify',
      ({ verify }, input) => verify({ ...input, ...restoring }),
      (answer) => `${answer.tableCount} tables and ${answer.objectCount} other objects equal`,
    )
    const { backupId, schemaMapping: schemas } = what
    return { backupId, bucket, copy, schemas, setAside: {}, tableCount, objectCount, tables }
  }
}

function foundText({ backupId, schemas, bytes }: FindBackupAnswer): string {
  return `${backupId}, ${bytes} bytes, with ${schemas.join(', ')}`
}

/** What a workflow's memo says of how a restore went. */
export function resultInShort({ backupId, bucket, copy, schemas, tableCount, objectCount }: RestoreResult): object {
  return { backupId, bucket, copy, schemas, tables: tableCount, objects: objectCount }
}

/**
 * Checks something of a request.
 *
 * @throws {ApplicationFailure} `InvalidRequest`, where that throws an {@link InvalidRestoreError}
 */
export function checked<Result>(check: () => Result): Result {
  try {
    return check()
  } catch (error) {
    if (error instanceof InvalidRestoreError) throw ApplicationFailure.nonRetryable(error.message, 'InvalidRequest')
    throw error
  }
}
