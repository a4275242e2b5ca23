import { diagnoseFailedJob, newestPod, tellingContainer } from './diagnosis.ts'
import type { JobApi } from './job-api.ts'
import type { JobFailure } from './job-failure.ts'
import type { JobEnd } from './job-follower.ts'

/** How a Job came to nothing. `answerLost`: it is complete, but the pod that had its answer is gone. */
export type CameToNothing = Exclude<JobEnd, { kind: 'complete' }> | { readonly kind: 'answerLost' }

/** Why a Job came to nothing. One that has failed is read once more: its pod may have been seen before its last words. */
export async function explain(
  api: JobApi,
  namespace: string,
  jobName: string,
  end: CameToNothing,
): Promise<JobFailure> {
  const gone = { namespace, jobName, retryable: true, logTail: [] }
  switch (end.kind) {
    case 'obstacle':
      return end.failure
    case 'deleted':
      return { ...gone, type: 'JobDeleted', why: 'somebody deleted it before it had ended' }
    case 'answerLost':
      return {
        ...gone,
        type: 'AnswerLost',
        why: 'it is complete, but its pod was removed before its answer was read',
      }
    case 'failed': {
      const { job, pods } = (await api.readJob(jobName)) ?? end.snapshot
      const snapshot = { job, pods: pods.length > 0 ? pods : end.snapshot.pods }
      const pod = newestPod(snapshot.pods)
      const podName = pod?.metadata?.name
      const logTail = podName === undefined ? [] : await api.readLogTail(podName, tellingContainer(pod))
      return diagnoseFailedJob(snapshot, logTail)
    }
  }
}
