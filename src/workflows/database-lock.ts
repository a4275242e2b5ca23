import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import {
  ApplicationFailure,
  CancellationScope,
  type ChildWorkflowHandle,
  condition,
  log,
  setHandler,
  sleep,
  startChild,
} from '@temporalio/workflow'
import type { BackupRequest } from '../domain/backup-request.ts'
import { rootMessage } from './compensation.ts'
import { releaseSignal } from './messages.ts'
import type { PipelineStatus } from './pipeline-status.ts'

const FIRST_WAIT_MILLISECONDS = 5000
const LONGEST_WAIT_MILLISECONDS = 300_000

/**
 * Exists for as long as a pipeline works on a database. Its workflow id is the database's, and Temporal runs one workflow of
 * an id at a time: so it is the lock. It is the pipeline's child and ends with it, however the pipeline ends.
 */
export async function DatabaseLock(): Promise<void> {
  let released = false
  setHandler(releaseSignal, () => {
    released = true
  })
  await condition(() => released)
}

/** A database that this pipeline holds. */
export interface HeldDatabase {
  /** Returns when another pipeline can have it. */
  release(): Promise<void>
}

/** The workflow id of a database's lock. */
export function lockIdOf({ namespace, sampleData }: BackupRequest): string {
  return `holdfast-database:${namespace}/${sampleData.schema}`
}

/**
 * Takes the database for this pipeline alone: two that load, dump and restore the same schemas would prove nothing.
 *
 * @throws {ApplicationFailure} `DatabaseBusy` where another pipeline has it and this one is not to wait
 */
export async function holdDatabase(request: BackupRequest, status: PipelineStatus): Promise<HeldDatabase> {
  const workflowId = lockIdOf(request)
  for (let wait = FIRST_WAIT_MILLISECONDS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MILLISECONDS)) {
    try {
      // A cancelled pipeline holds its database until it has taken back what it made.
      const lock = await CancellationScope.nonCancellable(() =>
        startChild(DatabaseLock, { workflowId, parentClosePolicy: 'TERMINATE' }),
      )
      return { release: async () => await release(lock) }
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
      if (request.whenBusy === 'refuse') throw databaseBusy(request, workflowId)
      status.enter('waiting', 'waiting')
      await sleep(wait, { summary: 'another pipeline has the database' })
    }
  }
}

async function release(lock: ChildWorkflowHandle<typeof DatabaseLock>): Promise<void> {
  try {
    await lock.signal(releaseSignal)
    await lock.result()
  } catch (error) {
    // Somebody has ended it: the database can be had, and how the pipeline went is not changed by it.
    log.warn("The database's lock was gone before it was released", { why: rootMessage(error) })
  }
}

function databaseBusy({ namespace, sampleData }: BackupRequest, workflowId: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `Another pipeline is at work on the schema ${sampleData.schema} in ${namespace}. Nothing was done. ` +
      `Which one: temporal workflow describe --workflow-id '${workflowId}' (its parent). ` +
      'Start again when it has ended, or start with "whenBusy": "wait".',
    'DatabaseBusy',
  )
}
