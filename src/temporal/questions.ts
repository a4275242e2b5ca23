import type { Client } from '@temporalio/client'
import { quoted } from './query-text.ts'
import { KEYS } from './search-attribute-keys.ts'

/** Lists the databases whose workflows wait for an operator's answer, each as often as there are such workflows. */
export async function* listQuestions(client: Client, taskQueue: string): AsyncGenerator<string> {
  const query = `ExecutionStatus = 'Running' AND HoldfastOutcome = 'asking' AND TaskQueue = '${quoted(taskQueue)}'`
  for await (const { typedSearchAttributes, workflowId } of client.workflow.list({ query })) {
    yield typedSearchAttributes.get(KEYS.database) ?? workflowId
  }
}
