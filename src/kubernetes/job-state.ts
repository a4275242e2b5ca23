import type { V1Job, V1Pod } from '@kubernetes/client-node'
import type { JobPhase } from '../domain/followed-job.ts'

/** A Job and its pods at one moment. */
export interface JobSnapshot {
  readonly job: V1Job
  readonly pods: readonly V1Pod[]
}

export function jobPhase({ job, pods }: JobSnapshot): JobPhase {
  if (hasCondition(job, 'Complete')) return 'complete'
  if (hasCondition(job, 'Failed')) return 'failed'
  return pods.some(isAtWork) ? 'running' : 'pending'
}

/** A pod counts as pending for Kubernetes while its init containers run. */
function isAtWork({ status }: V1Pod): boolean {
  return status?.phase === 'Running' || (status?.initContainerStatuses ?? []).some(({ state }) => state?.running)
}

function hasCondition(job: V1Job, type: string): boolean {
  return (job.status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True')
}
