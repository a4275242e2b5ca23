import { type Client, WorkflowFailedError } from '@temporalio/client'
import type { CleanupResult } from '../domain/step-inputs.ts'
import { rootMessage } from '../worker/root-message.ts'
import { InputError } from './input-error.ts'
import { untilInterrupted } from './interruption.ts'
import { print, printJson } from './print.ts'
import { withTemporal } from './with-temporal.ts'

export interface CleanupOptions {
  readonly namespace: string
  readonly taskQueue: string
  readonly yes?: boolean
  readonly output: 'table' | 'json'
}

/** What is cleaned up, and under which workflow id: one that runs already is followed. */
export interface WantedCleanup {
  readonly namespace: string
  readonly taskQueue: string
  readonly workflowId: string
}

/** `holdfast cleanup`: has a worker remove what Holdfast made in a namespace. */
export async function cleanup({ namespace, taskQueue, yes, output }: CleanupOptions): Promise<void> {
  if (!yes) throw new InputError(`MySQL in ${namespace} would be removed, with its data. Say --yes to do it.`)
  const workflowId = `cleanup-${namespace}`
  await withTemporal(async (client) => {
    const running = cleanUpNamespace(client, { namespace, taskQueue, workflowId }, output)
    await untilInterrupted(running, `Stopped waiting. The workflow ${workflowId} goes on.`)
  })
}

/** Removes what Holdfast made in a namespace, and prints what that was. The bucket stays. */
export async function cleanUpNamespace(
  client: Client,
  { namespace, taskQueue, workflowId }: WantedCleanup,
  output: 'table' | 'json',
): Promise<void> {
  const { removed } = await runCleanup(client, { namespace, taskQueue, workflowId })
  if (output === 'json') printJson({ workflowId, removed })
  else
    print(removed.length === 0 ? 'There was nothing to remove.' : `Removed: ${removed.join(', ')}. The bucket stays.`)
}

async function runCleanup(client: Client, { namespace, taskQueue, workflowId }: WantedCleanup): Promise<CleanupResult> {
  const options = { taskQueue, workflowId, workflowIdConflictPolicy: 'USE_EXISTING', args: [{ namespace }] } as const
  try {
    return await client.workflow.execute('Cleanup', { ...options, args: [{ namespace }] })
  } catch (error) {
    throw error instanceof WorkflowFailedError ? new Error(rootMessage(error)) : error
  }
}
