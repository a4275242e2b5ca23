import { CancellationScope, log, patched, proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { Database } from '../domain/database-name.ts'
import { type ProvenBackup, proofIdOf } from '../domain/database-proof.ts'
import type { ScheduleActivities } from '../domain/step-inputs.ts'
import { ASK_TEMPORAL } from './ask-temporal.ts'
import { rootMessage } from './compensation.ts'
import { TELLS_PROOF } from './patches.ts'

const activities = proxyActivities<Pick<ScheduleActivities, 'tellProof'>>({
  ...ASK_TEMPORAL,
  summary: 'Tell who watches over the database that it has a proven backup',
})

/** Tells the workflow that watches over a database, if there is one. The backup is proven, whatever becomes of this. */
export async function tellProof(
  { namespace, schemas }: Database,
  backup: Pick<ProvenBackup, 'backupId' | 'bytes'>,
): Promise<void> {
  if (!patched(TELLS_PROOF)) return
  const proof = { ...backup, provenAt: Date.now(), workflowId: workflowInfo().workflowId }
  const workflowId = proofIdOf({ namespace, schemas })
  try {
    await CancellationScope.nonCancellable(() => activities.tellProof({ workflowId, proof }))
  } catch (error) {
    log.error('The proof could not be told', { workflowId, why: rootMessage(error) })
  }
}
