import { CancellationScope, workflowInfo } from '@temporalio/workflow'
import { restoreInShort } from '../domain/in-short.ts'
import type { SchemaName } from '../domain/names.ts'
import { parseRestoreRequest, type RestoreRequest, restoreMapping, restoreSteps } from '../domain/restore-request.ts'
import type { RestoreResult } from '../domain/restore-result.ts'
import { type SwapNames, swapNames } from '../domain/swap-names.ts'
import { Compensation } from './compensation.ts'
import { type HeldDatabase, holdDatabase } from './database-lock.ts'
import { answeringAll, answerProgress } from './handlers.ts'
import { PipelineStatus } from './pipeline-status.ts'
import { checked, type FoundBackup, RestoreSteps, resultInShort } from './restore-steps.ts'
import { UNDO_TRIES } from './step-policies.ts'
import { StepRunner } from './step-runner.ts'
import { takeBack } from './take-back.ts'
import { tellingTheEnd } from './telling-the-end.ts'
import { undo } from './undo-activities.ts'
import { stepVisibility, visibilityOf } from './visibility.ts'

type WhichBackup = Omit<FoundBackup, 'schemas'>
type SchemaMapping = Readonly<Record<SchemaName, SchemaName>>

/**
 * Restores a backup for use: into schemas that do not exist yet, and nowhere else. What came back is compared with what was dumped.
 * A schema that is there is exchanged if the request says so: after that comparison, in one step, and what it had is kept.
 *
 * @param input a `RestoreRequest`
 * @throws {ApplicationFailure} `InvalidRequest` before anything was done; otherwise the failed step's own type, with
 * `PipelineFailureDetails` that say what was undone
 */
export async function RestoreBackup(input: unknown): Promise<RestoreResult> {
  return await tellingTheEnd(async () => {
    const request = checked(() => parseRestoreRequest(input))
    return await answeringAll(() => restore(request))
  })
}

async function restore(request: RestoreRequest): Promise<RestoreResult> {
  const run = new Restore(request)
  try {
    return await run.run()
  } catch (error) {
    throw await run.takeBack(error)
  } finally {
    await CancellationScope.nonCancellable(async () => await run.release())
  }
}

class Restore {
  readonly #request: RestoreRequest
  readonly #status: PipelineStatus
  readonly #runner: StepRunner
  readonly #steps: RestoreSteps
  readonly #compensation = new Compensation()
  #database: HeldDatabase | undefined

  constructor(request: RestoreRequest) {
    const schemas = Object.keys(request.schemas ?? {})
    this.#request = request
    const shown = { database: { namespace: request.namespace, schemas } }
    const visibility = visibilityOf({ proves: false, before: stepVisibility })
    this.#status = new PipelineStatus(restoreSteps(request), shown, restoreInShort(request), visibility)
    this.#runner = new StepRunner(request, this.#status)
    this.#steps = new RestoreSteps(request, this.#status, this.#runner)
    answerProgress(this.#status)
  }

  async run(): Promise<RestoreResult> {
    const request = this.#request
    this.#status.enter('running')
    const { schemas, ...backup } = await this.#steps.find(Object.keys(request.schemas ?? {}) as SchemaName[])
    const mapping = checked(() => restoreMapping(request, schemas))
    if (!request.server) await this.#haveMysql(Object.values(mapping))
    const result =
      request.ifExists === 'refuse' ? await this.#restore(backup, mapping) : await this.#exchange(backup, mapping)
    this.#status.showMemo({ result: resultInShort(result) })
    this.#status.enter('done', 'proven')
    return result
  }

  async takeBack(error: unknown): Promise<unknown> {
    return await takeBack(error, this.#status, this.#compensation, this.#request.namespace)
  }

  async release(): Promise<void> {
    await this.#database?.release()
  }

  /** The namespace's own MySQL, and its schemas for this restore alone. */
  async #haveMysql(schemas: readonly SchemaName[]): Promise<void> {
    const { namespace, whenBusy } = this.#request
    this.#database = await holdDatabase({ namespace, schemas, whenBusy, released: 'one by one' }, this.#status)
    this.#status.enter('running', 'running')
    this.#compensation.push('removeMysql', () => undo.removeMysql({ namespace, maximumTries: UNDO_TRIES }))
    await this.#runner.run(
      'deployMysql',
      ({ deployMysql }, common) => deployMysql(common),
      ({ serverVersion }) => `MySQL ${serverVersion}`,
    )
  }

  async #restore(backup: WhichBackup, schemaMapping: SchemaMapping): Promise<RestoreResult> {
    const { namespace, server, tables } = this.#request
    const target = { purpose: 'use', ...(server && { server }) } as const
    const undoing = { namespace, maximumTries: UNDO_TRIES, schemas: Object.values(schemaMapping), ...target }
    this.#compensation.push('dropRestored', () => undo.dropRestored(undoing))
    return await this.#steps.restore({ ...backup, schemaMapping, tables, ...target })
  }

  /** Restores beside the schemas, and exchanges them when what came back was compared. */
  async #exchange(backup: WhichBackup, schemaMapping: SchemaMapping): Promise<RestoreResult> {
    const { namespace, server, bucket, copy } = this.#request
    const result = await this.#restore(
      backup,
      mapped(schemaMapping, (target) => namesBeside(target).beside),
    )
    const swapping = { backupId: backup.backupId, bucket, copy, schemaMapping, ...(server && { server }) }
    this.#compensation.push('swapBack', () => undo.swapBack({ namespace, maximumTries: UNDO_TRIES, ...swapping }))
    await this.#runner.run(
      'swap',
      ({ swap }, common) => swap({ ...common, ...swapping }),
      ({ schemas, tables }) => `${schemas} schemas exchanged, ${tables} tables came in`,
    )
    const setAside = Object.values(schemaMapping).map((target) => [target, namesBeside(target).aside])
    return { ...result, schemas: schemaMapping, setAside: Object.fromEntries(setAside) }
  }
}

function namesBeside(target: SchemaName): SwapNames {
  return swapNames(target, workflowInfo().runId)
}

function mapped(mapping: SchemaMapping, change: (target: SchemaName) => SchemaName): SchemaMapping {
  return Object.fromEntries(Object.entries(mapping).map(([from, to]) => [from, change(to)]))
}
