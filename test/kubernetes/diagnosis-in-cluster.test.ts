import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { V1Job } from '@kubernetes/client-node'
import { listProcesses } from '../../lab/process-list.ts'
import type { FollowedJob } from '../../src/domain/followed-job.ts'
import { JobFailedError, type JobFailure } from '../../src/kubernetes/job-failure.ts'
import { JobRunner } from '../../src/kubernetes/job-runner.ts'
import { connectKubernetes } from '../../src/kubernetes/kubernetes-client.ts'
import type { Patience } from '../../src/kubernetes/obstacle.ts'
import { NEEDED_PERMISSIONS } from '../../src/kubernetes/permissions.ts'
import { kubectl, theLab, type WholeLab } from '../support/lab.ts'
import { type Account, makeAccount } from '../worker/support/account.ts'
import { eventually } from '../worker/support/eventually.ts'
import { applyObjects } from '../worker/support/worker-lab.ts'
import { type ImageRegistry, startRegistry } from './support/image-registry.ts'
import { ANSWERS, initContainer, orderIn, programJob, WAITS } from './support/program-job.ts'

/** Each way in which a Job comes to nothing, made to happen in the lab's cluster, and what the runner says of it. */

const TEST_MILLISECONDS = 180_000
/** Impatient, so that what does not start is given up on soon after it is known. */
const PATIENCE = { scheduling: 12_000, starting: 3000 }
/** Where the kubelet has to know first what is missing: on a busy node, it says for long that it has not looked yet. */
const UNTIL_LOOKED_UP = { ...PATIENCE, scheduling: 120_000 }

const namespace = `diagnosis-${randomUUID().slice(0, 8)}`
const node = `gone-${randomUUID().slice(0, 8)}`

interface Case {
  readonly job: V1Job
  /** In place of the lab's tools image. */
  readonly image?: string
  readonly namespace?: string
  readonly patience?: Patience
  /** In place of the lab's administrator. */
  readonly as?: Account
  /** What is done once the pod's container runs. */
  readonly strike?: (job: FollowedJob) => Promise<unknown>
}

let lab: WholeLab
let registries: readonly ImageRegistry[]
/** May do all that a worker needs but make Jobs. */
let follower: Account
let failures: ReadonlyMap<string, Promise<JobFailure>>
const runners: JobRunner[] = []

beforeAll(async () => {
  lab = await theLab()
  registries = await Promise.all([startRegistry(404), startRegistry(401)])
  await applyObjects(lab, objects())
  const permissions = NEEDED_PERMISSIONS.filter(({ verbs }) => verbs.includes('list')).map((each) => ({
    ...each,
    verbs: each.verbs.filter((verb) => verb !== 'create'),
  }))
  follower = await makeAccount(lab, permissions, { controlNamespace: namespace, pipelineNamespace: namespace })
  // All at the same time: what each waits for, Kubernetes does at its own pace.
  failures = new Map(Object.entries(cases()).map(([name, each]) => [name, failureOf(each)]))
}, TEST_MILLISECONDS)

afterAll(async () => {
  await Promise.allSettled(failures?.values() ?? [])
  await Promise.all(runners.map((runner) => runner.stop()))
  for (const registry of registries ?? []) registry.close()
  await follower?.remove()
  const namespaces = ['', '-restricted', '-no-pods', '-no-jobs'].map((ending) => `${namespace}${ending}`)
  await kubectl(lab, 'delete', 'namespace', ...namespaces, '--wait=false')
  await kubectl(lab, 'delete', 'node', node, '--ignore-not-found')
}, TEST_MILLISECONDS)

test.each<[string, string, 'may pass' | 'is final', RegExp]>([
  ['image not found', 'ImageNotAvailable', 'is final', /none:1 .*not found/],
  ['image pull denied', 'ImageNotAvailable', 'is final', /none:1 .*401 Unauthorized/],
  ['image name invalid', 'ImageNotAvailable', 'is final', /InvalidImageName/],
  // The node that is to be lost may be there already: the scheduler then speaks of two.
  ['unschedulable', 'Unschedulable', 'may pass', /0\/([12]) nodes are available: .*\b\1 Insufficient cpu/],
  ['claim missing', 'VolumeNotBound', 'may pass', /persistentvolumeclaim "nowhere" not found/],
  ['claim not bound', 'VolumeNotBound', 'may pass', /claim no-class.*"no-such-class" not found/],
  ['variable of a missing ConfigMap', 'ConfigurationMissing', 'is final', /configmap "nowhere" not found/],
  ['volume of a missing Secret', 'ConfigurationMissing', 'is final', /secret "nowhere" not found/],
  ['out of memory', 'OutOfMemory', 'is final', /limit of 64Mi/],
  ['evicted', 'Evicted', 'may pass', /Eviction API/],
  ['out of storage', 'OutOfStorage', 'is final', /EmptyDir volume "scratch" exceeds the limit "1Mi"/],
  ['deadline', 'DeadlineExceeded', 'may pass', /within its 2 seconds/],
  ['node gone', 'Evicted', 'may pass', /PodGC: node no longer exists/],
  ['exit code', 'ExitCode', 'may pass', /exit code 3$/],
  ['init container', 'ExitCode', 'may pass', /exit code 4$/],
  ['killed from outside', 'ExitCode', 'may pass', /exit code 137 \(killed from outside by SIGKILL\)/],
  ['Job deleted', 'JobDeleted', 'may pass', /somebody deleted it/],
  ['Pod Security', 'PodNotAdmitted', 'is final', /violates PodSecurity "restricted/],
  ['quota of pods', 'PodNotAdmitted', 'is final', /exceeded quota: none/],
  ['quota of Jobs', 'RequestRefused', 'is final', /exceeded quota: none/],
  ['no permission', 'PermissionDenied', 'is final', /User "\S+" cannot create resource "jobs" in API group "batch"/],
  ['no answer', 'AnswerInvalid', 'is final', /its answer cannot be read/],
])(
  '%s: %s, which %s',
  async (name, type, outlook, words) => {
    const failure = await failures.get(name)
    expect(failure).toMatchObject({ type, retryable: outlook === 'may pass', why: expect.stringMatching(words) })
  },
  TEST_MILLISECONDS,
)

test(
  'a program that failed has its last words told',
  async () => {
    expect((await failures.get('exit code'))?.logTail).toEqual(['the last words'])
    expect((await failures.get('init container'))?.logTail).toEqual(['the first words'])
  },
  TEST_MILLISECONDS,
)

function cases(): Record<string, Case> {
  const [empty, closed] = registries
  const waits = programJob(WAITS)
  const mounting = (volume: object, sizes: object = {}) => ({
    pod: { volumes: [{ name: 'scratch', ...volume }] },
    container: { volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }], ...sizes },
  })
  const claim = (claimName: string) => programJob(ANSWERS, mounting({ persistentVolumeClaim: { claimName } }))
  return {
    'image not found': { job: programJob(ANSWERS), image: `${empty?.address}/none:1` },
    'image pull denied': { job: programJob(ANSWERS), image: `${closed?.address}/none:1` },
    'image name invalid': { job: programJob(ANSWERS), image: 'Not/A Name' },
    unschedulable: { job: programJob(ANSWERS, { container: { resources: { requests: { cpu: '1000' } } } }) },
    'claim missing': { job: claim('nowhere') },
    'claim not bound': { job: claim('no-class') },
    'variable of a missing ConfigMap': {
      job: programJob(ANSWERS, { container: { envFrom: [{ configMapRef: { name: 'nowhere' } }] } }),
      patience: UNTIL_LOOKED_UP,
    },
    'volume of a missing Secret': {
      job: programJob(ANSWERS, mounting({ secret: { secretName: 'nowhere' } })),
      patience: UNTIL_LOOKED_UP,
    },
    'out of memory': {
      job: programJob('const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1))', {
        container: { resources: { limits: { memory: '64Mi' } } },
      }),
    },
    evicted: { job: waits, strike: evict },
    'out of storage': {
      job: programJob(
        `require('node:fs').writeFileSync('/scratch/file', Buffer.alloc(4 << 20)); ${WAITS}`,
        mounting({ emptyDir: { sizeLimit: '1Mi' } }),
      ),
    },
    deadline: { job: programJob(WAITS, { deadlineSeconds: 2 }) },
    'node gone': { job: programJob(WAITS, { pod: { nodeName: node } }), strike: loseNode },
    'exit code': { job: programJob(`console.log('the last words'); process.exit(3)`) },
    'init container': {
      job: programJob(ANSWERS, {
        pod: { initContainers: [initContainer(`console.log('the first words'); process.exit(4)`)] },
      }),
    },
    'killed from outside': { job: programJob(`const mark = 'killed-${namespace}'; ${WAITS}`), strike: killProgram },
    'Job deleted': { job: waits, strike: deleteJob },
    'Pod Security': { job: programJob(ANSWERS), namespace: `${namespace}-restricted` },
    'quota of pods': { job: programJob(ANSWERS), namespace: `${namespace}-no-pods` },
    'quota of Jobs': { job: programJob(ANSWERS), namespace: `${namespace}-no-jobs` },
    'no permission': { job: programJob(ANSWERS), as: follower },
    'no answer': { job: programJob(`console.log('all is well')`) },
  }
}

/** Runs a case's Job and returns why it came to nothing. */
async function failureOf({ job, image, patience = PATIENCE, strike, as, ...where }: Case): Promise<JobFailure> {
  const runner = new JobRunner(connectKubernetes(as?.kubeconfig), { patience, loadManifest: async () => job })
  runners.push(runner)
  const order = orderIn(where.namespace ?? namespace, image ?? lab.images.tools)
  let striking: Promise<unknown> | undefined
  const onLook = (look: FollowedJob): void => {
    if (strike && look.podName !== undefined) striking ??= strike(look)
  }
  const failure = await runner.run(order, { signal: new AbortController().signal, onLook }).then(
    () => new Error('The Job came to something.'),
    (error: unknown) => error,
  )
  await striking
  if (failure instanceof JobFailedError) return failure.failure
  throw failure
}

async function evict({ podName = '' }: FollowedJob): Promise<void> {
  await untilRunning(podName)
  const body = { metadata: { name: podName, namespace } }
  await connectKubernetes().core.createNamespacedPodEviction({ name: podName, namespace, body })
}

/** The node has no kubelet: what one would say of the pod is said here, and then the node is gone. */
async function loseNode({ podName = '' }: FollowedJob): Promise<void> {
  const patch = JSON.stringify({ status: { phase: 'Running' } })
  await kubectl(lab, '--namespace', namespace, 'patch', 'pod', podName, '--subresource=status', '--patch', patch)
  await kubectl(lab, 'delete', 'node', node)
}

async function killProgram(): Promise<void> {
  const mark = `killed-${namespace}`
  const pid = await eventually(async () => {
    const found = (await listProcesses()).find(({ command }) => command[0] === 'node' && command[2]?.includes(mark))
    if (!found) throw new Error('the program does not run yet')
    return found.pid
  })
  process.kill(pid, 'SIGKILL')
}

async function deleteJob({ jobName, podName = '' }: FollowedJob): Promise<void> {
  await untilRunning(podName)
  await kubectl(lab, '--namespace', namespace, 'delete', 'job', jobName)
}

async function untilRunning(podName: string): Promise<void> {
  await kubectl(lab, '--namespace', namespace, 'wait', 'pod', podName, '--for=condition=Ready', '--timeout=120s')
}

function objects(): object[] {
  const quota = (where: string, hard: object) => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'none', namespace: where },
    spec: { hard },
  })
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: `${namespace}-restricted`, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `${namespace}-no-pods` } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `${namespace}-no-jobs` } },
    quota(`${namespace}-no-pods`, { pods: '0' }),
    quota(`${namespace}-no-jobs`, { 'count/jobs.batch': '0' }),
    { apiVersion: 'v1', kind: 'Node', metadata: { name: node } },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'no-class', namespace },
      spec: {
        storageClassName: 'no-such-class',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Mi' } },
      },
    },
  ]
}
