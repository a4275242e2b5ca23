import { CancellationScope } from '@temporalio/workflow'
import type { Namespace } from '../domain/names.ts'
import type { Compensation } from './compensation.ts'
import { failureOf } from './pipeline-failure.ts'
import type { PipelineStatus } from './pipeline-status.ts'
import { DecidedFailure } from './step-runner.ts'
import { undo } from './undo-activities.ts'

/**
 * Takes back what a workflow made that has failed or was cancelled, unless an operator wants it kept.
 *
 * @returns the failure with which the workflow ends
 */
export async function takeBack(
  error: unknown,
  status: PipelineStatus,
  compensation: Compensation,
  namespace: Namespace,
): Promise<unknown> {
  if (error instanceof DecidedFailure && error.decision === 'keep') {
    const failure = failureOf(error, status, { undone: [], notUndone: [], kept: compensation.names })
    status.enterFailed(failure)
    return failure
  }
  status.enter('undoing')
  // Should this fail too, the undos still run: each is told apart from the Jobs that it competes with by its own name.
  await CancellationScope.nonCancellable(() => undo.stopJobs({ namespaces: [namespace] })).catch(() => undefined)
  const failure = failureOf(error, status, await compensation.unwind())
  status.enterFailed(failure)
  return failure
}
