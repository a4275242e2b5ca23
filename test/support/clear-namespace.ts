import { Client, Connection, type WorkflowExecutionInfo, WorkflowNotFoundError } from '@temporalio/client'
import { DATABASE_PROOF, proofIdOf } from '../../src/domain/database-proof.ts'
import { KEYS } from '../../src/temporal/search-attribute-keys.ts'
import { lockIdOf } from '../../src/workflows/database-lock.ts'
import { kubectl, type WholeLab } from './lab.ts'

/**
 * Removes what earlier runs have left in a namespace: also pipelines that were interrupted with their worker. Those would hold their
 * database for ever, as the lab's Temporal outlives the lab; and a schedule that is left would have a proof expected for ever.
 */
export async function clearNamespace(lab: WholeLab, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address: lab.temporal.address })
  try {
    const client = new Client({ connection })
    await endSchedules(client, namespace)
    await endPipelines(client, namespace)
  } finally {
    await connection.close()
  }
  await kubectl(lab, 'delete', 'namespace', namespace, '--ignore-not-found')
}

async function endSchedules(client: Client, namespace: string): Promise<void> {
  for await (const { scheduleId, typedSearchAttributes } of client.schedule.list()) {
    if (!typedSearchAttributes?.get(KEYS.database)?.startsWith(`${namespace}/`)) continue
    await client.schedule.getHandle(scheduleId).delete()
  }
  const proofs = client.workflow.list({ query: `WorkflowType = '${DATABASE_PROOF}' AND ExecutionStatus = 'Running'` })
  for await (const { workflowId, runId } of proofs) {
    if (!workflowId.startsWith(proofIdOf({ namespace, schemas: [] }))) continue
    await client.workflow.getHandle(workflowId, runId).terminate('A test clears the namespace of this database.')
  }
}

async function endPipelines(client: Client, namespace: string): Promise<void> {
  const locks = client.workflow.list({ query: "WorkflowType = 'DatabaseLock' AND ExecutionStatus = 'Running'" })
  for await (const lock of locks) {
    if (lock.workflowId.startsWith(lockIdOf(namespace, ''))) await endHolder(client, lock)
  }
}

/** Ends the pipeline that holds a lock, or a lock that nobody holds, and returns when the database can be had. */
async function endHolder(client: Client, lock: WorkflowExecutionInfo): Promise<void> {
  const { workflowId, runId } = lock.parentExecution ?? lock
  try {
    await client.workflow
      .getHandle(workflowId ?? lock.workflowId, runId ?? lock.runId)
      .terminate('A test clears the namespace of this pipeline.')
  } catch (error) {
    // It has ended meanwhile.
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
  await client.workflow
    .getHandle(lock.workflowId, lock.runId)
    .result()
    .catch(() => undefined)
}
