import { randomUUID } from 'node:crypto'
import type { Kubernetes } from '../../src/kubernetes/kubernetes-client.ts'

export interface Namespaces {
  /** Where Holdfast itself lives, and the provision step's Jobs. */
  readonly control: string
  /** Where the pipelines' other Jobs run: the first of them makes it. */
  readonly pipelines: string
}

/** Makes the control namespace as `manifests/base` does, and the settings that a pipeline's namespace takes from it. */
export async function makeNamespaces({ core }: Kubernetes): Promise<Namespaces> {
  const pipelines = `holdfast-bench-${randomUUID().slice(0, 8)}`
  const control = `${pipelines}-control`
  const inControl = { namespace: control }
  await core.createNamespace({ body: { metadata: { name: control } } })
  await core.createNamespacedServiceAccount({ ...inControl, body: { metadata: { name: 'holdfast-provision' } } })
  for (const name of ['holdfast-aws', 'holdfast-ca']) {
    await core.createNamespacedConfigMap({ ...inControl, body: { metadata: { name }, data: { KEY: 'value' } } })
  }
  return { control, pipelines }
}
