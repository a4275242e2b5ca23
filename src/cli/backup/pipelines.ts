import {
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client'
import { asWord } from '../as-word.ts'
import { InputError } from '../input-error.ts'

/** The workflows that answer the messages of a pipeline: `progress`, `decide`, `pause` and `resume`. */
export const PIPELINE_TYPES = ['BackupPipeline', 'RestoreBackup', 'DrillBackup'] as const
export type PipelineType = (typeof PIPELINE_TYPES)[number]

/** One run of such a workflow that Temporal knows. */
export interface FoundPipeline {
  readonly handle: WorkflowHandle
  readonly type: PipelineType
  readonly workflowId: string
  readonly runId: string
  readonly description: WorkflowExecutionDescription
}

/** Which run of which workflow is meant. */
export interface WhichPipeline {
  readonly workflowId: string
  /** Absent: the latest. */
  readonly runId?: string | undefined
}

/**
 * Finds a pipeline, a restore or a drill.
 *
 * @throws {InputError} where there is none of that id
 */
export async function findPipeline(client: Client, { workflowId, runId }: WhichPipeline): Promise<FoundPipeline> {
  const description = await client.workflow
    .getHandle(workflowId, runId)
    .describe()
    .catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error
      throw new InputError(
        `${workflowId}: Temporal's namespace ${client.options.namespace} has no workflow of this id` +
          `${runId === undefined ? '' : ` and run ${runId}`}. Which there are: holdfast backup status`,
      )
    })
  const type = PIPELINE_TYPES.find((each) => each === description.type)
  if (!type) throw new InputError(`${workflowId}: is a ${description.type}, not one of ${PIPELINE_TYPES.join(', ')}.`)
  return {
    handle: client.workflow.getHandle(workflowId, description.runId),
    type,
    workflowId,
    runId: description.runId,
    description,
  }
}

/**
 * The same of one that runs.
 *
 * @throws {Error} where it has ended
 */
export async function findRunning(client: Client, which: WhichPipeline): Promise<FoundPipeline> {
  const found = await findPipeline(client, which)
  const { status } = found.description
  if (status.name === 'RUNNING') return found
  throw new Error(
    `${which.workflowId} has ended already: ${status.name.toLowerCase()}. How it went: holdfast backup watch ${asWord(which.workflowId)}`,
  )
}
