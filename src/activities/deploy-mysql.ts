import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { deployMysqlAnswerSchema } from '../domain/step-answers.ts'
import type { StepActivities } from '../domain/step-inputs.ts'
import { apply, createIfMissing, inNamespace, loadManifest, type ManifestObject, read } from '../kubernetes/apply.ts'
import type { Kubernetes } from '../kubernetes/kubernetes-client.ts'
import type { Dependencies } from './dependencies.ts'
import { currentRun, runJob } from './run-job.ts'

/** On the Deployment of MySQL: the run that made it. Only that run's failure takes it away again. */
export const CREATED_BY_RUN = 'holdfast.dev/created-by-run'

/** ConfigMaps that Jobs take their settings for AWS from, as far as there are any. */
const SETTINGS = ['holdfast-aws', 'holdfast-ca']
const PASSWORD_BYTES = 24
const MANAGED = { 'app.kubernetes.io/name': 'holdfast', 'app.kubernetes.io/managed-by': 'holdfast' }

/** Deploys MySQL, or brings the one that is there up to date, and waits until it answers a query. */
export function createDeployMysql({ config, kubernetes, runner }: Dependencies): StepActivities['deployMysql'] {
  return async ({ namespace, schemas = [], ...policy }) => {
    await createIfMissing(kubernetes, namespaceObject(namespace))
    const accounts = await loadManifest('mysql/service-account.yaml')
    const objects = await loadManifest('mysql/mysql.yaml')
    await Promise.all([
      ...SETTINGS.map((name) => copySettings(kubernetes, name, config.controlNamespace, namespace)),
      // Made once and never read again: MySQL and the Jobs mount it.
      createIfMissing(kubernetes, passwordSecret(namespace)),
      ...accounts.map((object) => apply(kubernetes, inNamespace(object, namespace))),
      ...objects.map((object) => deploy(kubernetes, inNamespace(withImage(object, config.images.mysql), namespace))),
    ])
    return await runJob(runner, policy, {
      purpose: 'deployMysql',
      manifest: 'await-mysql',
      settings: { namespace, image: config.images.tools, env: { SCHEMAS: JSON.stringify(schemas) } },
      answer: deployMysqlAnswerSchema,
    })
  }
}

/** Creates an object with the mark of the run, or applies it without: what was there before keeps its mark, or none. */
async function deploy(kubernetes: Kubernetes, object: ManifestObject): Promise<void> {
  const { runId } = currentRun()
  const annotations = { ...object.metadata.annotations, [CREATED_BY_RUN]: runId }
  const marked = { ...object, metadata: { ...object.metadata, annotations } }
  // A claim's specification cannot be changed once it is bound.
  if ((await createIfMissing(kubernetes, marked)) === 'created' || object.kind === 'PersistentVolumeClaim') return
  await apply(kubernetes, object)
}

function namespaceObject(namespace: string): ManifestObject {
  const labels = { ...MANAGED, 'pod-security.kubernetes.io/enforce': 'restricted' }
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }
}

function passwordSecret(namespace: string): ManifestObject {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  const metadata = { name: 'mysql', namespace, labels: MANAGED }
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData: { password } }
}

/** The Jobs of every namespace take their settings for AWS from ConfigMaps of their own: these follow the control namespace's. */
async function copySettings(kubernetes: Kubernetes, name: string, from: string, to: string): Promise<void> {
  const source = await read(kubernetes, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: from } })
  if (!source) return
  const { data } = configMapSchema.parse(source)
  const metadata = { name, namespace: to, labels: MANAGED }
  await apply(kubernetes, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data })
}

const configMapSchema = z.looseObject({ data: z.record(z.string(), z.string()).default({}) })

const deploymentSchema = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({ spec: z.looseObject({ containers: z.tuple([z.looseObject({ image: z.string() })]) }) }),
  }),
})

function withImage(object: ManifestObject, image: string): ManifestObject {
  if (object.kind !== 'Deployment') return object
  const { spec } = deploymentSchema.parse(structuredClone(object))
  spec.template.spec.containers[0].image = image
  return { ...object, spec }
}
