import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { createActivities } from '../../src/activities/index.ts'
import { backupIdSchema, namespaceSchema, schemaNameSchema } from '../../src/domain/names.ts'
import type { Activities } from '../../src/domain/step-inputs.ts'
import { type Access, expandPermissions } from '../../src/kubernetes/access-review.ts'
import { JobRunner } from '../../src/kubernetes/job-runner.ts'
import { connectKubernetes, type Kubernetes } from '../../src/kubernetes/kubernetes-client.ts'
import { NEEDED_PERMISSIONS } from '../../src/kubernetes/permissions.ts'
import { configOf, kubectl } from '../support/lab.ts'
import { type Account, kubeconfigWith, makeAccount } from './support/account.ts'
import { type RecordingProxy, startRecordingProxy } from './support/recording-proxy.ts'
import { applyObjects, makeWorkerLab, ownName, type WorkerLab } from './support/worker-lab.ts'

const TEST_MILLISECONDS = 300_000
/** Impatient: a pod that cannot be made is an obstacle at the first look after a second. */
const PATIENCE = { scheduling: 120_000, starting: 1000 }

const pipelineNamespace = namespaceSchema().parse(ownName())
const workflowExecution = { workflowId: ownName(), runId: randomUUID() }

let own: WorkerLab
let account: Account
let proxy: RecordingProxy
let kubernetes: Kubernetes
let runner: JobRunner

beforeAll(async () => {
  own = await makeWorkerLab()
  const labels = { 'app.kubernetes.io/managed-by': 'holdfast' }
  await applyObjects(own.lab, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: pipelineNamespace, labels } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'holdfast-aws', namespace: own.namespace }, data: {} },
  ])
  account = await makeAccount(own.lab, NEEDED_PERMISSIONS, { controlNamespace: own.namespace, pipelineNamespace })
  const cluster = connectKubernetes().config.getCurrentCluster()
  const ca = Buffer.from(cluster?.caData ?? '', 'base64').toString()
  proxy = await startRecordingProxy(cluster?.server ?? '', ca, account.token)
  const { kubeconfig, remove } = await kubeconfigWith(own.lab, {}, proxy.server)
  kubernetes = connectKubernetes(kubeconfig)
  await remove()
  runner = new JobRunner(kubernetes, { patience: PATIENCE })
}, TEST_MILLISECONDS)

afterAll(async () => {
  await runner.stop()
  proxy.close()
  await account.remove()
  await kubectl(own.lab, 'delete', 'namespace', pipelineNamespace, '--ignore-not-found', '--wait=false')
  await own.remove()
}, TEST_MILLISECONDS)

/** Runs an activity as a worker would; how it ends is not what is looked at here. */
async function attempt<Name extends keyof Activities>(
  name: Name,
  input: Parameters<Activities[Name]>[0],
): Promise<string> {
  const config = { ...configOf(own.lab, own.namespace), controlNamespace: own.namespace }
  const activities = createActivities({ config, kubernetes, runner })
  const run = activities[name] as (input: unknown) => Promise<unknown>
  const environment = new MockActivityEnvironment({ workflowExecution }, { logger: new DefaultLogger('ERROR') })
  return await environment.run(run, input).then(
    () => 'done',
    (error: unknown) => String(error),
  )
}

function words({ verb, apiGroup, resource }: Access): string {
  return `${verb} ${resource} (${apiGroup})`
}

test(
  'what the activities ask of Kubernetes is what is listed, no more and no less',
  async () => {
    const step = { namespace: pipelineNamespace, maximumTries: 1 }
    const backupId = backupIdSchema().parse('20260101T000000Z-00000000')
    expect(await attempt('provision', step)).toContain('its pod was not admitted')
    expect(await attempt('deployMysql', step)).toBe('done')
    // Once more, over what is there by now.
    expect(await attempt('deployMysql', step)).toBe('done')
    const schemas = [schemaNameSchema().parse('nowhere')]
    expect(await attempt('dump', { ...step, backupId, schemas, threads: 1 })).toContain('Job ')
    expect(await attempt('stopJobs', { namespaces: [pipelineNamespace] })).toBe('done')
    expect(await attempt('releaseStaging', { namespace: pipelineNamespace, backupId })).toBe('done')
    expect(await attempt('removeMysql', step)).toBe('done')
    expect(proxy.forbidden).toEqual([])
    expect(await attempt('removeResources', { namespace: pipelineNamespace })).toBe('done')
    // The rights in a namespace go with it, and a watch that begins anew just then is refused.
    expect(proxy.forbidden.filter((asked) => !asked.includes('watch=true'))).toEqual([])
    const namespaces = { controlNamespace: own.namespace, pipelineNamespaces: [pipelineNamespace] }
    const listed = expandPermissions(NEEDED_PERMISSIONS, namespaces)
    const used = proxy.accesses()
    for (const access of used) expect(listed).toContainEqual(access)
    // Jobs are followed by the same code in both kinds of namespace: to have seen each verb in one of them is enough.
    const usedAnywhere = new Set(used.map(words))
    expect(listed.map(words).filter((each) => !usedAnywhere.has(each))).toEqual([])
  },
  TEST_MILLISECONDS,
)
