import {
  type WorkflowHandle,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { type Decision, InvalidDecisionError, parseDecision } from '../../domain/decision.ts'
import { asWord } from '../as-word.ts'
import { InputError } from '../input-error.ts'
import { printJson, say } from '../print.ts'
import { withTemporal } from '../with-temporal.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { findRunning } from './pipelines.ts'

/** A workflow takes a decision at once, if a worker runs. */
const ANSWER_MILLISECONDS = 30_000

export interface DecideOptions extends PipelineOptions {
  readonly memoryLimit?: string
  readonly deadlineSeconds?: number
}

/** `holdfast backup decide`: answers a pipeline that asks what to do about a step that failed. */
export async function decide(workflowId: string, action: string, options: DecideOptions): Promise<void> {
  const { runId, output } = options
  const decision = decisionOf(action, options)
  await withTemporal(async (client) => {
    const { handle, ...found } = await findRunning(client, { workflowId, runId })
    await send(handle, decision)
    if (output === 'json') printJson({ workflowId, runId: found.runId, decision })
    say(`${workflowId} was told: ${decision.action}. To follow it: holdfast backup watch ${asWord(workflowId)}`)
  })
}

/** @throws {InputError} in the words of whoever would refuse it */
export function decisionOf(
  action: string,
  { memoryLimit, deadlineSeconds }: Pick<DecideOptions, 'memoryLimit' | 'deadlineSeconds'>,
): Decision {
  const limits = {
    ...(memoryLimit !== undefined && { memoryLimit }),
    ...(deadlineSeconds !== undefined && { deadlineSeconds }),
  }
  try {
    return parseDecision({ action, ...limits })
  } catch (error) {
    if (error instanceof InvalidDecisionError) throw new InputError(error.message)
    throw error
  }
}

/** @throws {Error} in the workflow's own words, where it refuses */
async function send(handle: WorkflowHandle, decision: Decision): Promise<void> {
  const deadline = Date.now() + ANSWER_MILLISECONDS
  try {
    await handle.client.withDeadline(deadline, () => handle.executeUpdate('decide', { args: [decision] }))
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw new Error(error.cause?.message ?? error.message)
    if (!(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)) throw error
    throw new Error(
      `No worker has answered within ${ANSWER_MILLISECONDS / 1000} s. Does one run? ` +
        `Whether it asks still: holdfast backup status ${asWord(handle.workflowId)}`,
    )
  }
}
