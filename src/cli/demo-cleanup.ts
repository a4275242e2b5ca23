import type { Client } from '@temporalio/client'
import { DEFAULT_TASK_QUEUE } from '../config.ts'
import type { CleanupResult } from '../domain/step-inputs.ts'
import type { DemoOptions } from './demo-options.ts'
import { printJson, say } from './print.ts'

export const CLEANUP_ID = 'cleanup'

/** Removes what a demo made in the cluster; a clean-up that runs already is followed. */
export async function cleanUp(client: Client, namespace: string, { output }: DemoOptions): Promise<void> {
  const { removed }: CleanupResult = await client.workflow.execute('Cleanup', {
    taskQueue: DEFAULT_TASK_QUEUE,
    workflowId: CLEANUP_ID,
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [{ namespace }],
  })
  if (output === 'json') printJson({ workflowId: CLEANUP_ID, removed })
  say(removed.length === 0 ? 'There was nothing to remove.' : `Removed: ${removed.join(', ')}. The bucket stays.`)
}
