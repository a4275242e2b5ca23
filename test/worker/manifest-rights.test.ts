import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { readConfig } from '../../src/config.ts'
import { expandPermissions } from '../../src/kubernetes/access-review.ts'
import { connectKubernetes } from '../../src/kubernetes/kubernetes-client.ts'
import { NEEDED_PERMISSIONS, type NeededPermission } from '../../src/kubernetes/permissions.ts'
import { connectCheckedKubernetes } from '../../src/worker/connect-kubernetes.ts'
import { kubectl } from '../support/lab.ts'
import { accountObjects, kubeconfigWith } from './support/account.ts'
import { manifestRules } from './support/manifest-rules.ts'
import { applyObjects, makeWorkerLab, ownName, type WorkerLab } from './support/worker-lab.ts'

jest.setTimeout(120_000)

const rules = await manifestRules()
const pipelineNamespace = ownName()
/** An account for each rule that lacks this one, and the last of all, which has them all. */
const accounts = [...rules, []].map((missing, index) => ({ missing, name: `without-${index}-${ownName()}` }))

let own: WorkerLab
let administrator: string | undefined

beforeAll(async () => {
  administrator = process.env.KUBECONFIG
  own = await makeWorkerLab()
  await kubectl(own.lab, 'create', 'namespace', pipelineNamespace)
  const places = { controlNamespace: own.namespace, pipelineNamespace }
  const objects = accounts.flatMap(({ missing, name }) => {
    const granted = rules.filter((rule) => rule !== missing).flat()
    return accountObjects(name, granted.map(needed), places)
  })
  await applyObjects(own.lab, objects)
})

afterAll(async () => {
  process.env.KUBECONFIG = administrator
  const names = accounts.map(({ name }) => name)
  await kubectl(own.lab, 'delete', 'clusterrolebinding,clusterrole', ...names)
  await kubectl(own.lab, 'delete', 'namespace', pipelineNamespace, '--wait=false')
  await own.remove()
})

function needed(permission: Omit<NeededPermission, 'why'>): NeededPermission {
  return { ...permission, why: 'the manifest grants it' }
}

/** Connects as the worker does at its start, by a token of this account. */
async function connectAs(name: string): Promise<unknown> {
  process.env.KUBECONFIG = administrator
  const { status } = await connectKubernetes().core.createNamespacedServiceAccountToken({
    name,
    namespace: own.namespace,
    body: { spec: { audiences: [], expirationSeconds: 600 } },
  })
  const { kubeconfig, remove } = await kubeconfigWith(own.lab, { token: status?.token ?? '' })
  process.env.KUBECONFIG = kubeconfig
  const config = readConfig({ ...own.environment, HOLDFAST_PIPELINE_NAMESPACES: pipelineNamespace })
  return await connectCheckedKubernetes(config).finally(remove)
}

test('the manifest grants what is listed as needed, no more and no less', () => {
  const places = { controlNamespace: 'control', pipelineNamespaces: ['pipelines'] }
  const granted = expandPermissions(rules.flat().map(needed), places)
  const listed = expandPermissions(NEEDED_PERMISSIONS, places)
  expect(granted).toHaveLength(listed.length)
  expect(new Set(granted.map((access) => JSON.stringify(access)))).toEqual(
    new Set(listed.map((access) => JSON.stringify(access))),
  )
})

test('who has all rules may start', async () => {
  await expect(connectAs(accounts.at(-1)?.name ?? '')).resolves.toBeDefined()
})

test.each(
  accounts
    .slice(0, -1)
    .map((account) => ({ ...account, without: account.missing.map(({ scope, resource }) => `${scope} ${resource}`) })),
)('without $without, the worker refuses to start and names all that is missing', async ({ missing, name }) => {
  const places = {
    cluster: 'in the whole cluster',
    controlNamespace: `in namespace ${own.namespace}`,
    pipelineNamespace: `in namespace ${pipelineNamespace}`,
  }
  const said = missing.map(({ scope, apiGroup, resource, verbs }) => {
    const qualified = apiGroup === '' ? resource : `${resource}.${apiGroup}`
    return `${verbs.join(', ')} on ${qualified} ${places[scope]}`
  })
  await expect(connectAs(name)).rejects.toThrow(`missing are ${said.join('; ')}. Add these to its Role or ClusterRole.`)
})
