import type { Client } from '@temporalio/client'

const DAY_SECONDS = 86_400

/** For how many days Temporal's namespace keeps workflows that have ended; null where it does not say. */
export async function readKeptDays({ workflowService, options }: Client): Promise<number | null> {
  const { config } = await workflowService.describeNamespace({ namespace: options.namespace })
  const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0)
  return seconds > 0 ? Math.round((seconds / DAY_SECONDS) * 10) / 10 : null
}
