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
  workflowInfo,
} from '@temporalio/workflow'
import { rootMessage } from './compensation.ts'
import { releaseSignal } from './messages.ts'
import type { PipelineStatus } from './pipeline-status.ts'

const FIRST_WAIT_MILLISECONDS = 5000
const LONGEST_WAIT_MILLISECONDS = 300_000

/**
 * Exists for as long as a pipeline works on a schema. Its workflow id is the schema's, and Temporal runs one workflow of
 * an id at a time: so it is the lock. It is the pipeline's child and ends with it, however the pipeline ends.
 */
export async function DatabaseLock(): Promise<void> {
  let released = false
  setHandler(releaseSignal, () => {
    released = true
  })
  await condition(() => released)
}

/** Which schemas somebody wants for himself, and what he does if another has one. */
export interface HeldSchemas {
  readonly namespace: string
  readonly schemas: readonly string[]
  readonly whenBusy: 'refuse' | 'wait'
  /** At once makes a shorter history: each wait for a lock's end costs three events. */
  readonly released: 'one by one' | 'at once'
}

/** A database that this pipeline holds. */
export interface HeldDatabase {
  /** Returns when another pipeline can have it. */
  release(): Promise<void>
}

type Lock = ChildWorkflowHandle<typeof DatabaseLock>

/** The workflow id of a schema's lock. */
export function lockIdOf(namespace: string, schema: string): string {
  return `holdfast-database:${namespace}/${schema}`
}

/**
 * Takes the schemas for this pipeline alone: two that load, dump and restore the same ones would prove nothing.
 *
 * @throws {ApplicationFailure} `DatabaseBusy` where another pipeline has one of them and this one is not to wait
 */
export async function holdDatabase(request: HeldSchemas, status: PipelineStatus): Promise<HeldDatabase> {
  const locks: Lock[] = []
  const held = {
    release: async () => {
      if (request.released === 'at once') await Promise.all(locks.map(release))
      else for (const lock of locks.toReversed()) await release(lock)
    },
  }
  try {
    // In one order for all pipelines: of two that begin together one has them all, and no two can wait for each other.
    // Each once: a pipeline would wait for itself.
    for (const schema of [...new Set(request.schemas)].toSorted()) locks.push(await takeLock(request, schema, status))
    return held
  } catch (error) {
    await CancellationScope.nonCancellable(held.release)
    throw error
  }
}

async function takeLock(request: HeldSchemas, schema: string, status: PipelineStatus): Promise<Lock> {
  const workflowId = lockIdOf(request.namespace, schema)
  for (let wait = FIRST_WAIT_MILLISECONDS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MILLISECONDS)) {
    try {
      // A cancelled pipeline holds its database until it has taken back what it made.
      return await CancellationScope.nonCancellable(() =>
        startChild(DatabaseLock, {
          workflowId,
          parentClosePolicy: 'TERMINATE',
          staticSummary: `Lock of a database: ${workflowInfo().workflowId} is at work on it`,
        }),
      )
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
      if (request.whenBusy === 'refuse') throw databaseBusy(request.namespace, schema, workflowId)
      status.enter('waiting', 'waiting')
      await sleep(wait, { summary: 'another pipeline has the database' })
    }
  }
}

async function release(lock: Lock): Promise<void> {
  try {
    await lock.signal(releaseSignal)
    await lock.result()
  } catch (error) {
    // Somebody has ended it: the database can be had, and how the pipeline went is not changed by it.
    log.warn("The database's lock was gone before it was released", { why: rootMessage(error) })
  }
}

function databaseBusy(namespace: string, schema: string, workflowId: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `Another pipeline is at work on the schema ${schema} in ${namespace}. Nothing was done. ` +
      `Which one: temporal workflow describe --workflow-id '${workflowId}' (its parent). ` +
      'Start again when it has ended, or start with "whenBusy": "wait".',
    'DatabaseBusy',
  )
}
