import { CancellationScope, workflowInfo } from '@temporalio/workflow'
import { drillInShort } from '../domain/in-short.ts'
import { mysqlServerSchema } from '../domain/mysql-server.ts'
import { schemaNameSchema } from '../domain/names.ts'
import { type DrillRequest, parseDrillRequest } from '../domain/restore-request.ts'
import type { RestoreResult } from '../domain/restore-result.ts'
import { scratchNameOf } from '../domain/scratch-name.ts'
import { DRILL_STEPS } from '../domain/steps.ts'
import { Compensation } from './compensation.ts'
import { answeringAll, answerProgress } from './handlers.ts'
import { PipelineStatus } from './pipeline-status.ts'
import { checked, RestoreSteps, resultInShort } from './restore-steps.ts'
import { countingFailures } from './schedule-failures.ts'
import { UNDO_TRIES } from './step-policies.ts'
import { StepRunner } from './step-runner.ts'
import { takeBack } from './take-back.ts'
import { tellingTheEnd } from './telling-the-end.ts'
import { undo } from './undo-activities.ts'
import { stepVisibility, visibilityOf } from './visibility.ts'

/**
 * Proves a backup once more, as it lies in S3 today: restores it into a MySQL that is deployed for that and removed afterwards, under
 * the names that its schemas have, and compares. No other server sees anything of it. The proof stands beside the record.
 *
 * @param input a `DrillRequest`
 * @throws {ApplicationFailure} `InvalidRequest` before anything was done; otherwise the failed step's own type
 */
export async function DrillBackup(input: unknown): Promise<RestoreResult> {
  return await tellingTheEnd(
    async () => {
      return await countingFailures(async () => {
        const request = checked(() => parseDrillRequest(input))
        return await answeringAll(() => drill(request))
      })
    },
    ({ tableCount: tables, objectCount: objects }) => ({ tables, objects, steps: [] }),
  )
}

async function drill(request: DrillRequest): Promise<RestoreResult> {
  const { namespace, storage, backupOf = namespace } = request
  const shown = { database: { namespace: backupOf, schemas: [] } }
  const visibility = visibilityOf({ proves: true, before: stepVisibility })
  const status = new PipelineStatus(DRILL_STEPS, shown, drillInShort(request), visibility)
  answerProgress(status)
  const compensation = new Compensation()
  const runner = new StepRunner(request, status)
  const steps = new RestoreSteps(request, status, runner)
  const scratch = { namespace, maximumTries: UNDO_TRIES }
  try {
    status.enter('running')
    const { schemas, ...backup } = await steps.find([])
    status.noteBackup({ database: { namespace: backupOf, schemas } })

    compensation.push('removeScratch', () => undo.removeScratch(scratch))
    await runner.run(
      'deployScratch',
      ({ deployScratch }, common) => deployScratch({ ...common, storage }),
      ({ serverVersion }) => `MySQL ${serverVersion}`,
    )

    const server = mysqlServerSchema().parse({ host: scratchNameOf(workflowInfo().runId) })
    const names = schemas.map((schema) => schemaNameSchema().parse(schema))
    const schemaMapping = Object.fromEntries(names.map((name) => [name, name]))
    const result = await steps.restore({ ...backup, schemaMapping, server, purpose: 'proof' })
    await CancellationScope.nonCancellable(() => undo.removeScratch(scratch))
    status.showMemo({ result: resultInShort(result) })
    status.enter('done', 'proven')
    return result
  } catch (error) {
    throw await takeBack(error, status, compensation, namespace)
  }
}
