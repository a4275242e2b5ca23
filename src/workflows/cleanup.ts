import { ApplicationFailure, proxyActivities } from '@temporalio/workflow'
import { z } from 'zod'
import { namespaceSchema } from '../domain/names.ts'
import type { CleanupActivities, CleanupResult } from '../domain/step-inputs.ts'

const cleanupRequestSchema = z.strictObject({ namespace: namespaceSchema().prefault('s3-test') })

const { removeResources } = proxyActivities<CleanupActivities>({
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { maximumInterval: '1 minute' },
  summary: 'Remove what Holdfast has made in the namespace',
})

/**
 * Removes what Holdfast made in Kubernetes: MySQL, its data, the Jobs. The bucket and the backups in it stay.
 *
 * @throws {ApplicationFailure} `InvalidRequest`, or `NamespaceNotOurs` where Holdfast did not make the namespace
 */
export async function Cleanup(input: unknown): Promise<CleanupResult> {
  const request = cleanupRequestSchema.safeParse(input ?? {})
  if (!request.success) throw ApplicationFailure.nonRetryable(z.prettifyError(request.error), 'InvalidRequest')
  return await removeResources(request.data)
}
