import { expect, test } from '@jest/globals'
import { MockActivityEnvironment } from '@temporalio/testing'
import { createDoctorActivities } from '../../src/activities/doctor.ts'
import type { Config } from '../../src/config.ts'
import type { DoctorAnswer } from '../../src/domain/doctor.ts'
import { namespaceSchema } from '../../src/domain/names.ts'
import { JobFailedError, type JobFailure } from '../../src/kubernetes/job-failure.ts'
import type { JobOrder, Jobs } from '../../src/kubernetes/job-runner.ts'
import { connectKubernetes } from '../../src/kubernetes/kubernetes-client.ts'

const config: Config = {
  taskQueue: 'holdfast',
  controlNamespace: 'holdfast',
  images: { tools: 'tools:1', terraform: 'terraform:1', mysql: 'mysql:1', mysqlsh: 'mysqlsh:1' },
  engine: 'mysqlsh',
}
const input = {
  namespace: namespaceSchema.parse('shop'),
  bucket: 'b-1',
  schemas: [],
  patienceSeconds: 7,
  server: undefined,
}
const answer: DoctorAnswer = {
  findings: [{ check: 'image', state: 'ok', found: 'mysqlsh 9.7' }],
  clocks: { pod: 5, others: [] },
  databaseBytes: 9,
}
const failure: JobFailure = {
  type: 'ImageNotAvailable',
  namespace: 'shop',
  jobName: 'hf-doctor-engine-1',
  why: 'the image mysqlsh:1 is not to be had (ErrImagePull): not found',
  remedy: 'Is it pushed?',
  retryable: false,
  logTail: ['a line'],
}

/** Runs the activity that needs nothing of Kubernetes but its Job. */
async function examineEngine(end: () => Promise<DoctorAnswer>) {
  const orders: JobOrder<unknown>[] = []
  const notAsked = async () => {
    throw new Error('not asked')
  }
  const runner: Jobs = {
    run: async (order) => {
      orders.push(order)
      return { jobName: 'hf-doctor-engine-1', attempts: 1, answer: order.answer.parse(await end()) }
    },
    deleteJob: notAsked,
    stopJobs: notAsked,
    deleteEndedJobsUsing: notAsked,
  }
  const activities = createDoctorActivities({ config, kubernetes: connectKubernetes(), runner })
  const found = await new MockActivityEnvironment().run(activities.examineEngine, input)
  return { found, orders }
}

test('what the pod answers is what is found', async () => {
  const { found, orders } = await examineEngine(async () => answer)
  expect(found).toEqual(answer)
  expect(orders).toMatchObject([
    {
      manifest: 'doctor',
      identity: { purpose: 'doctorEngine' },
      settings: {
        image: 'mysqlsh:1',
        env: { ENGINE: 'mysqlsh', BUCKET: 'b-1', MYSQL: 'own', CHECKS: '["image","mysql","privileges"]' },
      },
      // Nothing that is wrong becomes right by trying again, and nobody waits for minutes.
      maximumTries: 1,
      patience: { scheduling: 7000, starting: 7000 },
    },
  ])
})

test('a Job that came to nothing is a finding, in one line, with what to do', async () => {
  const { found } = await examineEngine(async () => Promise.reject(new JobFailedError(failure)))
  expect(found).toEqual({
    findings: [
      {
        check: 'image',
        state: 'failed',
        found: 'Job shop/hf-doctor-engine-1: the image mysqlsh:1 is not to be had (ErrImagePull): not found',
        remedy: "Is it pushed? The worker's HOLDFAST_TOOLS_IMAGE (HOLDFAST_MYSQLSH_IMAGE for MySQL Shell) names it.",
      },
    ],
  })
})

test('what is no fault of the Job fails the activity: it is tried again', async () => {
  await expect(examineEngine(async () => Promise.reject(new Error('the network is down')))).rejects.toThrow('network')
})
