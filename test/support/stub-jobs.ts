import { JobFailedError } from '../../src/kubernetes/job-failure.ts'
import type { Jobs } from '../../src/kubernetes/job-runner.ts'

/** A runner whose every first Job of a step runs out of time, and whose second one answers so. */
export function failingOnceJobs(answer: unknown): Jobs {
  const tries = new Map<string, number>()
  const notAsked = async () => {
    throw new Error('not asked')
  }
  return {
    run: async ({ identity, settings, answer: schema }, { onLook }) => {
      const tryNumber = (tries.get(identity.purpose) ?? 0) + 1
      tries.set(identity.purpose, tryNumber)
      const { namespace } = settings
      const jobName = jobNameOf(identity.purpose, tryNumber)
      onLook({ jobName, namespace, uid: `uid-${tryNumber}`, podName: `${jobName}-pod`, phase: 'running' })
      if (tryNumber > 1) return { jobName, attempts: tryNumber, answer: schema.parse(answer) }
      throw new JobFailedError({
        type: 'DeadlineExceeded',
        namespace,
        jobName,
        why: 'its time is over',
        retryable: true,
        logTail: [],
      })
    },
    deleteJob: notAsked,
    stopJobs: notAsked,
    deleteEndedJobsUsing: notAsked,
  }
}

export function jobNameOf(purpose: string, tryNumber: number): string {
  return `hf-${purpose}-${tryNumber}`
}
