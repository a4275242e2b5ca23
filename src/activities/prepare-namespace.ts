import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { apply, createIfMissing, inNamespace, loadManifest, type ManifestObject, read } from '../kubernetes/apply.ts'
import type { Kubernetes } from '../kubernetes/kubernetes-client.ts'

/** ConfigMaps that Jobs take their settings for AWS from, as far as there are any. */
const SETTINGS = ['holdfast-aws', 'holdfast-ca']
const PASSWORD_BYTES = 24
const MANAGED = { 'app.kubernetes.io/name': 'holdfast', 'app.kubernetes.io/managed-by': 'holdfast' }

/** Gives a namespace what every Job needs that reaches S3: the namespace itself, settings for AWS, the service account. */
export async function prepareNamespace(kubernetes: Kubernetes, config: Config, namespace: string): Promise<void> {
  await createIfMissing(kubernetes, namespaceObject(namespace))
  const accounts = await loadManifest('mysql/service-account.yaml')
  await Promise.all([
    ...SETTINGS.map((name) => copySettings(kubernetes, name, config.controlNamespace, namespace)),
    ...accounts.map((object) => apply(kubernetes, inNamespace(object, namespace))),
  ])
}

/** Makes the password of the MySQL that Holdfast deploys. It is made once and never read again: MySQL and the Jobs mount it. */
export async function ensurePassword(kubernetes: Kubernetes, namespace: string): Promise<void> {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  const metadata = { name: 'mysql', namespace, labels: MANAGED }
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData: { password } }
  await createIfMissing(kubernetes, secret)
}

function namespaceObject(namespace: string): ManifestObject {
  const labels = { ...MANAGED, 'pod-security.kubernetes.io/enforce': 'restricted' }
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }
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
