import type { V1Job, V1Pod } from '@kubernetes/client-node'

/** A Job and its pods at one moment. */
export interface JobSnapshot {
  readonly job: V1Job
  readonly pods: readonly V1Pod[]
}

/** Where a Job stands: `complete` and `failed` are its end, by its own conditions. */
export type JobPhase = 'pending' | 'running' | 'complete' | 'failed'

export function jobPhase({ job, pods }: JobSnapshot): JobPhase {
  if (hasCondition(job, 'Complete')) return 'complete'
  if (hasCondition(job, 'Failed')) return 'failed'
  return pods.some((pod) => pod.status?.phase === 'Running') ? 'running' : 'pending'
}

function hasCondition(job: V1Job, type: string): boolean {
  return (job.status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True')
}
