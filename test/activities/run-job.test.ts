import { expect, test } from '@jest/globals'
import { ActivityCancellationDetails, ApplicationFailure, CancelledFailure } from '@temporalio/common'
import { MockActivityEnvironment } from '@temporalio/testing'
import { z } from 'zod'
import { runJob } from '../../src/activities/run-job.ts'
import type { FollowedJob } from '../../src/domain/followed-job.ts'
import { JobFailedError } from '../../src/kubernetes/job-failure.ts'
import type { JobOrder, Jobs, RunOptions } from '../../src/kubernetes/job-runner.ts'

const followed: FollowedJob = { jobName: 'hf-dump-1', namespace: 'shop', phase: 'running', uid: 'u1' }
const job = {
  purpose: 'dump',
  manifest: 'dump',
  settings: { namespace: 'shop', image: 'tools', env: {} },
  answer: z.object({}),
} as const

/** What runs Jobs, as far as `runJob` asks it. */
function jobsThat(run: (options: RunOptions, order: JobOrder<unknown>) => Promise<void>) {
  const deleted: string[] = []
  const notAsked = async () => {
    throw new Error('not asked')
  }
  const jobs: Jobs = {
    run: async (order, options) => {
      await run(options, order)
      return { jobName: followed.jobName, attempts: 1, answer: order.answer.parse({}) }
    },
    deleteJob: async (namespace, name) => void deleted.push(`${namespace}/${name}`),
    stopJobs: notAsked,
    deleteEndedJobsUsing: notAsked,
  }
  return { jobs, deleted }
}

/** Follows the Job until its signal is aborted. */
async function untilAborted({ signal, onLook }: RunOptions): Promise<void> {
  onLook(followed)
  await new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

async function failureOf(run: Promise<unknown>): Promise<unknown> {
  return await run.then(
    () => undefined,
    (error: unknown) => error,
  )
}

test('each look at the Job is a heartbeat', async () => {
  const environment = new MockActivityEnvironment()
  const heartbeats: unknown[] = []
  environment.on('heartbeat', (details) => heartbeats.push(details))
  const { jobs } = jobsThat(async ({ onLook }) => onLook(followed))
  await environment.run(runJob, jobs, { maximumTries: 3 }, job)
  expect(heartbeats).toEqual([followed])
})

test('a cancelled pipeline has its Job deleted before the cancellation is told', async () => {
  const environment = new MockActivityEnvironment()
  const { jobs, deleted } = jobsThat(async (options) => {
    const aborted = untilAborted(options)
    environment.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }))
    await aborted
  })
  expect(await failureOf(environment.run(runJob, jobs, { maximumTries: 3 }, job))).toBeInstanceOf(CancelledFailure)
  expect(deleted).toEqual(['shop/hf-dump-1'])
})

test('a worker that stops leaves the Job to the next one', async () => {
  const environment = new MockActivityEnvironment()
  const { jobs, deleted } = jobsThat(async (options) => {
    const aborted = untilAborted(options)
    environment.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }))
    await aborted
  })
  expect(await failureOf(environment.run(runJob, jobs, { maximumTries: 3 }, job))).toBeInstanceOf(CancelledFailure)
  expect(deleted).toEqual([])
})

test.each([
  ['what an attempt before it saw', followed, followed],
  ['nothing of details that are none of ours', { jobName: 5 }, undefined],
])('an attempt begins with %s', async (_, heartbeatDetails, expected) => {
  const environment = new MockActivityEnvironment({ attempt: 2, heartbeatDetails })
  let before: unknown
  const { jobs } = jobsThat(async ({ followedBefore }) => {
    before = followedBefore
  })
  await environment.run(runJob, jobs, { maximumTries: 3 }, job)
  expect(before).toEqual(expected)
})

test('its tries, its limits and its round reach the Job', async () => {
  let seen: JobOrder<unknown> | undefined
  const { jobs } = jobsThat(async (_, order) => {
    seen = order
  })
  const limits = { memoryLimit: '2Gi' }
  await new MockActivityEnvironment().run(runJob, jobs, { maximumTries: 7, limits, round: 2 }, job)
  expect(seen).toMatchObject({ maximumTries: 7, settings: { limits }, identity: { purpose: 'dump', round: 2 } })
})

test.each([true, false])('a Job that came to nothing fails the activity; worth a retry: %s', async (retryable) => {
  const failure = {
    type: 'OutOfMemory',
    namespace: 'shop',
    jobName: 'hf-dump-1',
    why: 'too big',
    retryable,
    logTail: [],
  }
  const { jobs } = jobsThat(async () => {
    throw new JobFailedError(failure)
  })
  const error = await failureOf(new MockActivityEnvironment().run(runJob, jobs, { maximumTries: 3 }, job))
  expect(error).toBeInstanceOf(ApplicationFailure)
  expect(error).toMatchObject({
    type: 'OutOfMemory',
    nonRetryable: !retryable,
    message: expect.stringContaining('too big'),
  })
})
