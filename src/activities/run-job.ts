import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity'
import type { z } from 'zod'
import type { PipelineRun } from '../domain/backup-record.ts'
import { type FollowedJob, followedJobSchema } from '../domain/followed-job.ts'
import type { JobPolicy } from '../domain/step-inputs.ts'
import type { JobPurpose, StepResult } from '../domain/steps.ts'
import { JobFailedError } from '../kubernetes/job-failure.ts'
import type { JobIdentity } from '../kubernetes/job-identity.ts'
import type { JobSettings } from '../kubernetes/job-manifest.ts'
import type { Jobs } from '../kubernetes/job-runner.ts'
import type { Patience } from '../kubernetes/obstacle.ts'
import { countComplete, countFailed } from './job-metrics.ts'
import { inJobSpan } from './job-span.ts'

/** A Job as an activity orders it: the pipeline that it belongs to is the activity's own. */
export interface ActivityJob<Answer> {
  readonly purpose: JobPurpose
  /** The name of its file in manifests/jobs/, without `.yaml`. */
  readonly manifest: string
  readonly settings: Omit<JobSettings, 'limits'>
  readonly answer: z.ZodType<Answer>
  /** Absent: the runner's own. */
  readonly patience?: Patience
}

/** Fast enough for the default heartbeat timeout of 30 s, with room for one that is lost. */
const HEARTBEAT_MILLISECONDS = 5000

/** Follows a Job as {@link followJob} does. What it came to nothing by is an `ApplicationFailure` whose type and message tell why. */
export async function runJob<Answer>(
  runner: Jobs,
  policy: JobPolicy,
  job: ActivityJob<Answer>,
): Promise<StepResult<Answer>> {
  try {
    return await followJob(runner, policy, job)
  } catch (error) {
    throw error instanceof JobFailedError ? toApplicationFailure(error) : error
  }
}

/**
 * Follows a Job from within an activity: each look at the Job is a heartbeat. Where the pipeline is cancelled, the Job is deleted with
 * its pods first. Where only the worker stops, the Job goes on and the activity's next attempt follows it.
 *
 * @throws {JobFailedError} the Job came to nothing
 */
export async function followJob<Answer>(
  runner: Jobs,
  { maximumTries, limits, round }: JobPolicy,
  { purpose, manifest, settings, answer, patience }: ActivityJob<Answer>,
): Promise<StepResult<Answer>> {
  const context = Context.current()
  const identity: JobIdentity = { ...currentRun(), purpose, ...(round !== undefined && { round }) }
  const order = {
    identity,
    manifest,
    settings: { ...settings, ...(limits && { limits }) },
    answer,
    maximumTries,
    ...(patience && { patience }),
  }
  // Of the attempt before this one: a worker that is gone, or a Job that came to nothing.
  const before = followedJobSchema().safeParse(context.info.heartbeatDetails).data
  let latest: FollowedJob | undefined
  const heart = setInterval(() => context.heartbeat(latest ?? before), HEARTBEAT_MILLISECONDS)
  const onLook = (look: FollowedJob): void => {
    if (!latest) context.log.info('Following a Job', { job: `${look.namespace}/${look.jobName}` })
    latest = look
    context.heartbeat(look)
  }
  try {
    const result = await inJobSpan(purpose, async (noteLook) => {
      const tell = (look: FollowedJob): void => {
        noteLook(look)
        onLook(look)
      }
      const followedBefore = before && { followedBefore: before }
      return await runner.run(order, { signal: context.cancellationSignal, onLook: tell, ...followedBefore })
    })
    context.log.info('The Job is complete', { job: `${settings.namespace}/${result.jobName}` })
    countComplete(purpose)
    return result
  } catch (error) {
    if (context.cancellationSignal.aborted) {
      if (context.cancellationDetails?.cancelRequested && latest) {
        await runner.deleteJob(latest.namespace, latest.jobName)
      }
      throw error instanceof CancelledFailure ? error : await context.cancelled
    }
    if (error instanceof JobFailedError) countFailed(purpose, error.failure)
    throw error
  } finally {
    clearInterval(heart)
  }
}

/** The run of the workflow whose activity this is. */
export function currentRun(): Pick<JobIdentity, 'workflowId' | 'runId'> {
  const execution = Context.current().info.workflowExecution
  if (!execution) throw new Error('This activity has no workflow: the Jobs of a step belong to a pipeline.')
  return execution
}

/** The same for a record or a proof: who made it. */
export function currentPipeline(): PipelineRun {
  const { workflowId, runId } = currentRun()
  return { workflowId, runId }
}

function toApplicationFailure(error: JobFailedError): ApplicationFailure {
  const { type, retryable, namespace, jobName } = error.failure
  return ApplicationFailure.create({
    message: error.message,
    type,
    nonRetryable: !retryable,
    details: [{ namespace, jobName }],
  })
}
