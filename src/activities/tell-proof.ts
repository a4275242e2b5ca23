import { getClient } from '@temporalio/activity'
import { WorkflowNotFoundError } from '@temporalio/client'
import { PROVEN_SIGNAL } from '../domain/database-proof.ts'
import type { ScheduleActivities } from '../domain/step-inputs.ts'

/** Sends the workflow that watches over a database its new proof. */
export function createTellProof(): ScheduleActivities['tellProof'] {
  return async ({ workflowId, proof }) => {
    try {
      await getClient().workflow.getHandle(workflowId).signal(PROVEN_SIGNAL, proof)
      return { told: true }
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { told: false }
      throw error
    }
  }
}
