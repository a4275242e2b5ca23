import { proxyActivities } from '@temporalio/workflow'
import type { SchemaName } from '../domain/names.ts'
import { parseRestoreRequest, type RestoreRequest, restoreMapping } from '../domain/restore-request.ts'
import type { RestoreResult } from '../domain/restore-result.ts'
import type { UndoActivities } from '../domain/step-inputs.ts'
import { RESTORE_STEPS } from '../domain/steps.ts'
import { Compensation } from './compensation.ts'
import { answeringAll, answerProgress } from './handlers.ts'
import { PipelineStatus } from './pipeline-status.ts'
import { checked, RestoreSteps } from './restore-steps.ts'
import { UNDO_OPTIONS, UNDO_TRIES } from './step-policies.ts'
import { StepRunner } from './step-runner.ts'
import { takeBack } from './take-back.ts'
import { visibility } from './visibility.ts'

const undo = proxyActivities<UndoActivities>(UNDO_OPTIONS)

/**
 * Restores a backup for use: into schemas that do not exist yet, and nowhere else. What came back is compared with what was dumped.
 *
 * @param input a `RestoreRequest`
 * @throws {ApplicationFailure} `InvalidRequest` before anything was done; otherwise the failed step's own type, with
 * `PipelineFailureDetails` that say what was undone
 */
export async function RestoreBackup(input: unknown): Promise<RestoreResult> {
  const request = checked(() => parseRestoreRequest(input))
  return await answeringAll(() => restoreForUse(request))
}

async function restoreForUse(request: RestoreRequest): Promise<RestoreResult> {
  const { namespace, server, tables } = request
  const wanted = Object.keys(request.schemas ?? {}) as SchemaName[]
  const status = new PipelineStatus(stepsOf(request), { namespace, schemas: wanted }, visibility)
  answerProgress(status)
  const compensation = new Compensation()
  const runner = new StepRunner(request, status)
  const steps = new RestoreSteps(request, status, runner)
  const undoing = { namespace, maximumTries: UNDO_TRIES }
  try {
    status.enter('running')
    const { backupId, schemas } = await steps.find(wanted)
    const schemaMapping = checked(() => restoreMapping(request, schemas))

    if (!server) {
      compensation.push('removeMysql', () => undo.removeMysql(undoing))
      await runner.run(
        'deployMysql',
        ({ deployMysql }, common) => deployMysql(common),
        ({ serverVersion }) => `MySQL ${serverVersion}`,
      )
    }

    const target = { purpose: 'use', ...(server && { server }) } as const
    const made = Object.values(schemaMapping)
    compensation.push('dropRestored', () => undo.dropRestored({ ...undoing, ...target, schemas: made }))
    return await steps.restore({ backupId, schemaMapping, tables, ...target })
  } catch (error) {
    throw await takeBack(error, status, compensation, namespace)
  }
}

function stepsOf({ server }: RestoreRequest) {
  return RESTORE_STEPS.filter((step) => step !== 'deployMysql' || !server)
}
