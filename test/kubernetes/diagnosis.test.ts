import { describe, expect, test } from '@jest/globals'
import type { CoreV1Event, V1ContainerState, V1Job, V1Pod, V1PodStatus } from '@kubernetes/client-node'
import { diagnoseFailedJob, tellingContainer } from '../../src/kubernetes/diagnosis.ts'
import { describeJobFailure } from '../../src/kubernetes/job-failure.ts'
import { type JobSnapshot, jobPhase } from '../../src/kubernetes/job-state.ts'
import { findObstacle } from '../../src/kubernetes/obstacle.ts'

const PATIENCE = { scheduling: 300_000, starting: 60_000 }
const CREATED = new Date('2026-01-31T01:00:00Z')
const metadata = { name: 'hf-dump-0123456789-1', namespace: 's3-test', creationTimestamp: CREATED }

function job(reason?: string): V1Job {
  const conditions = reason === undefined ? [] : [{ type: 'Failed', status: 'True', reason }]
  return { metadata, spec: { activeDeadlineSeconds: 60, template: {} }, status: { conditions } }
}

function pod(status: V1PodStatus): V1Pod {
  const resources = { limits: { memory: '256Mi' } }
  return {
    metadata: { name: 'hf-dump-0123456789-1-abcde', creationTimestamp: CREATED },
    spec: { containers: [{ name: 'step', resources }] },
    status,
  }
}

function ended(exitCode: number, reason: string, message?: string): V1Pod {
  const terminated = { exitCode, reason, ...(message !== undefined && { message }) }
  const status = { name: 'step', image: 'i', imageID: '', ready: false, restartCount: 0, state: { terminated } }
  return pod({ phase: 'Failed', containerStatuses: [status] })
}

/** A pod of which an init container is in this state: its step's container waits, as the kubelet has it. */
function initialising(state: V1ContainerState, phase: string): V1Pod {
  const told = { image: 'i', imageID: '', ready: false, restartCount: 0 }
  const { metadata, spec, status } = pod({
    phase,
    initContainerStatuses: [{ name: 'dump', state, ...told }],
    containerStatuses: [{ name: 'step', state: { waiting: { reason: 'PodInitializing' } }, ...told }],
  })
  const initContainers = [{ name: 'dump', resources: { limits: { memory: '64Mi' } } }]
  return { ...(metadata && { metadata }), spec: { containers: [], ...spec, initContainers }, ...(status && { status }) }
}

function waiting(reason: string, message = 'told by the kubelet'): V1Pod {
  const state = { waiting: { reason, message } }
  const status = { name: 'step', image: 'registry/none:1', imageID: '', ready: false, restartCount: 0, state }
  return pod({ phase: 'Pending', containerStatuses: [status] })
}

test('out of memory names the limit, and the same again would not help', () => {
  const failure = diagnoseFailedJob({ job: job('BackoffLimitExceeded'), pods: [ended(137, 'OOMKilled')] }, [])
  expect(failure).toMatchObject({ type: 'OutOfMemory', retryable: false })
  expect(failure.why).toContain('256Mi')
})

test('what the program says of its own failure is passed on', () => {
  const said = JSON.stringify({ failure: { type: 'SchemaNotOurs', message: 'shop is not ours', retryable: false } })
  const failure = diagnoseFailedJob({ job: job('BackoffLimitExceeded'), pods: [ended(1, 'Error', said)] }, [
    'last line',
  ])
  expect(failure).toMatchObject({ type: 'SchemaNotOurs', why: 'shop is not ours', retryable: false })
  expect(describeJobFailure(failure)).toContain('last line')
})

test('what an init container says of its own failure is passed on', () => {
  const said = JSON.stringify({
    failure: { type: 'VolumeTooSmall', message: '/backup is too small', retryable: false },
  })
  const failed = initialising({ terminated: { exitCode: 1, reason: 'Error', message: said } }, 'Failed')
  const failure = diagnoseFailedJob({ job: job('BackoffLimitExceeded'), pods: [failed] }, ['last line'])
  expect(failure).toMatchObject({ type: 'VolumeTooSmall', why: '/backup is too small', retryable: false })
  expect(tellingContainer(failed)).toBe('dump')
})

test('an init container out of memory has its own limit named', () => {
  const failed = initialising({ terminated: { exitCode: 137, reason: 'OOMKilled' } }, 'Failed')
  const { type, why } = diagnoseFailedJob({ job: job('BackoffLimitExceeded'), pods: [failed] }, [])
  expect(type).toBe('OutOfMemory')
  expect(why).toContain('64Mi')
})

test('a Job of which an init container runs is running, and that container tells how far it is', () => {
  const pods = [initialising({ running: { startedAt: CREATED } }, 'Pending')]
  expect(jobPhase({ job: job(), pods })).toBe('running')
  expect(pods.map(tellingContainer)).toEqual(['dump'])
})

test("once its init container has ended well, the step's own container has yet to start, and is the one that tells", () => {
  const pods = [initialising({ terminated: { exitCode: 0 } }, 'Pending')]
  expect(jobPhase({ job: job(), pods })).toBe('pending')
  expect(pods.map(tellingContainer)).toEqual(['step'])
})

test('what the log says once more, or says to programs, is left out', () => {
  const why = 'shop is not ours'
  const said = JSON.stringify({ failure: { type: 'SchemaNotOurs', message: why, retryable: false } })
  const log = ['began', '{"progress":{"percent":40}}', `dump failed: ${why}`, said]
  const pods = [ended(1, 'Error', said)]
  expect(diagnoseFailedJob({ job: job('BackoffLimitExceeded'), pods }, log).logTail).toEqual(['began'])
})

test('an exit code that says nothing more may pass', () => {
  const failure = diagnoseFailedJob({ job: job('BackoffLimitExceeded'), pods: [ended(3, 'Error', 'no JSON')] }, [])
  expect(failure).toMatchObject({ type: 'ExitCode', retryable: true })
  expect(failure.why).toContain('exit code 3')
})

test('a deadline is told apart from the exit code of the container that it killed', () => {
  const failure = diagnoseFailedJob({ job: job('DeadlineExceeded'), pods: [ended(143, 'Error')] }, [])
  expect(failure).toMatchObject({ type: 'DeadlineExceeded', retryable: true })
})

test('an evicted pod is told apart from one that failed by itself', () => {
  const evicted = pod({ phase: 'Failed', reason: 'Evicted', message: 'low on memory' })
  const failure = diagnoseFailedJob({ job: job('BackoffLimitExceeded'), pods: [evicted] }, [])
  expect(failure).toMatchObject({ type: 'Evicted', retryable: true })
})

test("a disrupted pod that is gone is told by its Job's failure policy", () => {
  const failed = job('PodFailurePolicy')
  const condition = {
    type: 'Failed',
    status: 'True',
    reason: 'PodFailurePolicy',
    message: 'condition DisruptionTarget',
  }
  const failure = diagnoseFailedJob({ job: { ...failed, status: { conditions: [condition] } }, pods: [] }, [])
  expect(failure).toMatchObject({ type: 'Evicted', retryable: true })
})

test.each([
  ['Usage of EmptyDir volume "scratch" exceeds the limit "1Gi".', 'OutOfStorage'],
  ['Pod ephemeral local storage usage exceeds the total limit of containers 2Gi.', 'OutOfStorage'],
  ['Container step exceeded its local ephemeral storage limit "1Gi".', 'OutOfStorage'],
  ['The node was low on resource: ephemeral-storage.', 'Evicted'],
])('"%s" is told as %s', (message, type) => {
  const evicted = pod({ phase: 'Failed', reason: 'Evicted', message })
  expect(diagnoseFailedJob({ job: job('PodFailurePolicy'), pods: [evicted] }, []).type).toBe(type)
})

test.each([
  ['InvalidImageName', 'ImageNotAvailable', 0],
  ['ImagePullBackOff', 'ImageNotAvailable', PATIENCE.starting],
  ['CreateContainerConfigError', 'ConfigurationMissing', PATIENCE.starting],
])('%s is given up on as %s after %i ms', (reason, type, patience) => {
  const snapshot = { job: job(), pods: [waiting(reason)] }
  const at = (milliseconds: number) => findObstacle(snapshot, [], PATIENCE, CREATED.getTime() + milliseconds)
  expect(at(patience)?.type).toBe(type)
  if (patience > 0) expect(at(patience - 1)).toBeUndefined()
})

test("a pod that no node takes is given up on with the scheduler's own words", () => {
  const conditions = [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes: Insufficient memory' }]
  const snapshot = { job: job(), pods: [pod({ phase: 'Pending', conditions })] }
  const at = (milliseconds: number) => findObstacle(snapshot, [], PATIENCE, CREATED.getTime() + milliseconds)
  expect(at(PATIENCE.scheduling - 1)).toBeUndefined()
  expect(at(PATIENCE.scheduling)?.why).toContain('0/3 nodes: Insufficient memory')
})

test.each([
  [
    'FailedMount',
    'MountVolume.SetUp failed for volume "ca": configmap "holdfast-ca" not found',
    'ConfigurationMissing',
  ],
  ['FailedMount', 'MountVolume.SetUp failed: the server is away', 'PodNotStarting'],
  // Told by the kubelet before the pod's status is.
  ['Failed', 'Failed to pull image "registry/none:1": not found', undefined],
])('a pod that does not start and of which the newest event is %s, "%s", is told as %s', (reason, message, type) => {
  const conditions = [{ type: 'PodScheduled', status: 'True' }]
  const snapshot = { job: job(), pods: [pod({ phase: 'Pending', conditions })] }
  const event = { metadata: {}, involvedObject: {}, reason, message }
  const failure = findObstacle(snapshot, [event], PATIENCE, CREATED.getTime() + PATIENCE.scheduling)
  expect(failure?.type).toBe(type)
})

describe('a Secret that the kubelet could not look up yet', () => {
  const NOT_YET = 'failed to sync secret cache: timed out waiting for the condition'
  const at = (snapshot: JobSnapshot, events: CoreV1Event[], milliseconds: number) =>
    findObstacle(snapshot, events, PATIENCE, CREATED.getTime() + milliseconds)
  const mounts = {
    job: job(),
    pods: [pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'True' }] })],
  }

  test('is told to be missing by an older event, if there is one', () => {
    const event = (message: string, second: number) => {
      return {
        metadata: {},
        involvedObject: {},
        reason: 'FailedMount',
        message,
        lastTimestamp: new Date(second * 1000),
      }
    }
    const events = [event('secret "nowhere" not found', 1), event(NOT_YET, 2)]
    expect(at(mounts, events, PATIENCE.starting)?.type).toBe('ConfigurationMissing')
    expect(at(mounts, events.slice(1), PATIENCE.starting)).toBeUndefined()
    expect(at(mounts, events.slice(1), PATIENCE.scheduling)).toMatchObject({ type: 'PodNotStarting', retryable: true })
  })

  test('is not told to be missing by the container that wants it', () => {
    const snapshot = { job: job(), pods: [waiting('CreateContainerConfigError', NOT_YET)] }
    expect(at(snapshot, [], PATIENCE.starting)).toBeUndefined()
    expect(at(snapshot, [], PATIENCE.scheduling)).toMatchObject({ type: 'PodNotStarting', retryable: true })
  })
})

test('a pod that was not admitted is told by the event of its Job', () => {
  const event = { metadata: {}, involvedObject: {}, reason: 'FailedCreate', message: 'violates PodSecurity' }
  const failure = findObstacle({ job: job(), pods: [] }, [event], PATIENCE, CREATED.getTime() + PATIENCE.starting)
  expect(failure).toMatchObject({ type: 'PodNotAdmitted', retryable: false })
  expect(failure?.why).toContain('violates PodSecurity')
})
