import { describe, expect, test } from '@jest/globals'
import { MockActivityEnvironment } from '@temporalio/testing'
import { createDoctorActivities } from '../../src/activities/doctor.ts'
import type { Config } from '../../src/config.ts'
import type { DoctorAnswer } from '../../src/domain/doctor.ts'
import type { DoctorRequest } from '../../src/domain/doctor-request.ts'
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
  namespace: namespaceSchema().parse('shop'),
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

/** Runs one of the activities that need nothing of Kubernetes but their Job. */
async function examine(
  name: 'examineEngine' | 'examineTerraformImage' | 'examineMysqlImage',
  end: () => Promise<unknown>,
  server: DoctorRequest['server'] = undefined,
) {
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
  const found = await new MockActivityEnvironment().run(activities[name], { ...input, server })
  return { found, orders }
}

test('what the pod answers is what is found', async () => {
  const { found, orders } = await examine('examineEngine', async () => answer)
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
  const { found } = await examine('examineEngine', async () => Promise.reject(new JobFailedError(failure)))
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
  await expect(examine('examineEngine', async () => Promise.reject(new Error('the network is down')))).rejects.toThrow(
    'network',
  )
})

describe('the image of Terraform', () => {
  test('is looked at where the provision step runs, and its version is told', async () => {
    const printed = { terraform_version: '1.11.4', platform: 'linux_amd64', provider_selections: {} }
    const { found, orders } = await examine('examineTerraformImage', async () => printed)
    expect(found).toEqual({
      findings: [{ check: 'terraformImage', state: 'ok', found: 'Terraform 1.11.4, in terraform:1' }],
    })
    expect(orders).toMatchObject([
      {
        manifest: 'doctor-terraform',
        settings: { namespace: 'holdfast', image: 'terraform:1' },
        maximumTries: 1,
        patience: { scheduling: 7000, starting: 7000 },
      },
    ])
  })

  test('that is not to be had is a finding, and says where it is named', async () => {
    const { found } = await examine('examineTerraformImage', async () => Promise.reject(new JobFailedError(failure)))
    const remedy = "Is it pushed? The worker's HOLDFAST_TERRAFORM_IMAGE names it."
    expect(found).toMatchObject({ findings: [{ check: 'terraformImage', state: 'failed', remedy }] })
  })
})

test('the image of MySQL is not looked at where a server is named: no pipeline deploys one', async () => {
  const server = { host: 'db.example', port: 3306, user: 'root', passwordSecret: 'db', sslMode: 'PREFERRED' as const }
  const { found, orders } = await examine('examineMysqlImage', async () => undefined, server)
  expect(found).toMatchObject({ findings: [{ check: 'mysqlImage', state: 'skipped' }] })
  expect(orders).toEqual([])
})
