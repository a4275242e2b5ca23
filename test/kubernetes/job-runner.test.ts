import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { JobFailedError } from '../../src/kubernetes/job-failure.ts'
import { jobName, LABELS } from '../../src/kubernetes/job-identity.ts'
import { JobRunner, type RunOptions } from '../../src/kubernetes/job-runner.ts'
import { connectKubernetes } from '../../src/kubernetes/kubernetes-client.ts'
import { kubectl } from '../support/lab.ts'
import { applyObjects, makeWorkerLab, type WorkerLab } from '../worker/support/worker-lab.ts'
import { ANSWERS, orderIn, programJob } from './support/program-job.ts'

/** The runner's promises about names and deletions, on the lab's cluster. */

const TEST_MILLISECONDS = 120_000

let own: WorkerLab
const runners: JobRunner[] = []

beforeAll(async () => {
  own = await makeWorkerLab()
}, TEST_MILLISECONDS)

afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.stop()))
  await own?.remove()
}, TEST_MILLISECONDS)

test(
  'two workers that run the same step at the same time have one Job',
  async () => {
    const order = orderIn(own.namespace, own.lab.images.tools)
    const results = await Promise.all([1, 2].map(async () => await runnerOf(ANSWERS).run(order, following())))
    const expected = { jobName: jobName(order.identity, 1), attempts: 1, answer: { done: true } }
    expect(results).toEqual([expected, expected])
    expect(await names('jobs', `${LABELS.run}=${order.identity.runId}`)).toEqual([expected.jobName])
  },
  TEST_MILLISECONDS,
)

test(
  'a Job whose answer went with its pod is followed by another',
  async () => {
    const order = orderIn(own.namespace, own.lab.images.tools)
    const first = await runnerOf(ANSWERS).run(order, following())
    const selector = `batch.kubernetes.io/job-name=${first.jobName}`
    await kubectl(own.lab, '--namespace', own.namespace, 'delete', 'pods', '--selector', selector)
    const second = await runnerOf(ANSWERS).run(order, following())
    expect(second).toEqual({ jobName: jobName(order.identity, 2), attempts: 2, answer: { done: true } })
  },
  TEST_MILLISECONDS,
)

test(
  'a Job of the same name that is not ours is left alone, and its owner named',
  async () => {
    const order = orderIn(own.namespace, own.lab.images.tools)
    const name = jobName(order.identity, 1)
    const foreign = programJob(ANSWERS)
    const labels = { [LABELS.managedBy]: 'argocd' }
    await applyObjects(own.lab, [
      { ...foreign, metadata: { name, namespace: own.namespace, labels }, spec: { ...foreign.spec, suspend: true } },
    ])
    const failure = await runnerOf(ANSWERS)
      .run(order, following())
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(JobFailedError)
    expect(failure).toMatchObject({ failure: { type: 'JobNotOurs', retryable: false } })
    expect(String(failure)).toContain('belongs to argocd')
    expect(await names('jobs', `${LABELS.managedBy}=argocd`)).toEqual([name])
  },
  TEST_MILLISECONDS,
)

test(
  'a Job that is deleted is gone with its pod, also one that is slow to stop',
  async () => {
    const order = orderIn(own.namespace, own.lab.images.tools)
    const runner = runnerOf(`process.on('SIGTERM', () => setTimeout(process.exit, 2000)); setInterval(() => {}, 1000)`)
    const name = jobName(order.identity, 1)
    const stopped = new AbortController()
    let started: () => void
    const running = new Promise<void>((resolve) => {
      started = resolve
    })
    const run = runner.run(order, {
      signal: stopped.signal,
      onLook: ({ phase }) => {
        if (phase === 'running') started()
      },
    })
    await Promise.race([running, run])
    stopped.abort()
    await expect(run).rejects.toThrow('abort')
    const selector = `batch.kubernetes.io/job-name=${name}`
    expect(await names('pods', selector)).toHaveLength(1)
    await runner.deleteJob(own.namespace, name)
    expect(await names('pods', selector)).toEqual([])
  },
  TEST_MILLISECONDS,
)

function runnerOf(program: string): JobRunner {
  const manifest = programJob(program, { pod: { terminationGracePeriodSeconds: 10 } })
  const runner = new JobRunner(connectKubernetes(), { loadManifest: async () => manifest })
  runners.push(runner)
  return runner
}

function following(): RunOptions {
  return { signal: new AbortController().signal, onLook: () => undefined }
}

async function names(kind: string, selector: string): Promise<readonly string[]> {
  const output = await kubectl(
    own.lab,
    '--namespace',
    own.namespace,
    'get',
    kind,
    '--selector',
    selector,
    '--output=jsonpath={.items[*].metadata.name}',
  )
  return output.split(' ').filter((name) => name !== '')
}
