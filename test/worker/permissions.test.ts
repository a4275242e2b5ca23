import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals'
import { NEEDED_PERMISSIONS, type NeededPermission } from '../../src/kubernetes/permissions.ts'
import { kubectl } from '../support/lab.ts'
import { makeAccount } from './support/account.ts'
import { killSpawnedWorkers, spawnWorker } from './support/spawned-worker.ts'
import { makeWorkerLab, ownName, type WorkerLab } from './support/worker-lab.ts'

/** A worker takes seconds to start, and more on a machine that has other things to do. */
jest.setTimeout(90_000)

const pipelineNamespace = ownName()

let own: WorkerLab

beforeAll(async () => {
  own = await makeWorkerLab()
  await kubectl(own.lab, 'create', 'namespace', pipelineNamespace)
})
afterEach(killSpawnedWorkers)
afterAll(async () => {
  await kubectl(own.lab, 'delete', 'namespace', pipelineNamespace, '--wait=false')
  await own.remove()
})

function spawnAs(kubeconfig: string) {
  return spawnWorker({
    ...own.environment,
    KUBECONFIG: kubeconfig,
    HOLDFAST_PIPELINE_NAMESPACES: pipelineNamespace,
  })
}

/** The list without these verbs of this resource in this scope. */
function without(scope: NeededPermission['scope'], resource: string, verbs: readonly string[]) {
  return (permission: NeededPermission): NeededPermission =>
    permission.scope === scope && permission.resource === resource
      ? { ...permission, verbs: permission.verbs.filter((verb) => !verbs.includes(verb)) }
      : permission
}

test('who has all that is listed may start', async () => {
  const places = { controlNamespace: own.namespace, pipelineNamespace }
  const account = await makeAccount(own.lab, NEEDED_PERMISSIONS, places)
  try {
    await spawnAs(account.kubeconfig).line('Worker ready')
  } finally {
    await account.remove()
  }
})

test('all that is missing is named in one line: which verb on what in which namespace', async () => {
  const fewer = NEEDED_PERMISSIONS.map(without('controlNamespace', 'jobs', ['create', 'delete']))
    .map(without('pipelineNamespace', 'pods/log', ['get']))
    .map(without('pipelineNamespace', 'deployments', ['patch']))
    .map(without('cluster', 'namespaces', ['create']))
    .filter(({ verbs }) => verbs.length > 0)
  const account = await makeAccount(own.lab, fewer, { controlNamespace: own.namespace, pipelineNamespace })
  try {
    const worker = spawnAs(account.kubeconfig)
    expect(await worker.ended).toEqual({ exitCode: 1 })
    expect(worker.lines.map(({ message }) => message).slice(1)).toEqual([
      expect.stringMatching(/^The worker cannot start: Kubernetes at https:\/\/\S+ does not allow the user /),
    ])
    const message = worker.lines.at(-1)?.message
    expect(message).toContain(`the user ${account.user} what pipelines need: missing are `)
    expect(message?.split('missing are ')[1]).toBe(
      [
        'create on namespaces in the whole cluster',
        `create, delete on jobs.batch in namespace ${own.namespace}`,
        `get on pods/log in namespace ${pipelineNamespace}`,
        `patch on deployments.apps in namespace ${pipelineNamespace}. Add these to its Role or ClusterRole.`,
      ].join('; '),
    )
  } finally {
    await account.remove()
  }
})
