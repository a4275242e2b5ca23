import { z } from 'zod'
import { loadManifest } from '../../../src/kubernetes/apply.ts'
import type { NeededPermission, PermissionScope } from '../../../src/kubernetes/permissions.ts'

const roleSchema = z.object({
  kind: z.enum(['ClusterRole', 'Role']),
  metadata: z.object({ name: z.string() }),
  rules: z.array(
    z.strictObject({ apiGroups: z.tuple([z.string()]), resources: z.array(z.string()), verbs: z.array(z.string()) }),
  ),
})

/** Where each role of the manifest counts: by its binding there, or by manifests/worker/pipelines. */
const SCOPES: Readonly<Record<string, PermissionScope>> = {
  'ClusterRole/holdfast-worker': 'cluster',
  'Role/holdfast-worker': 'controlNamespace',
  'ClusterRole/holdfast-worker-pipelines': 'pipelineNamespace',
}

/** One rule of a role, as what it permits: one entry a resource. */
export type ManifestRule = readonly Omit<NeededPermission, 'why'>[]

/** All rules of manifests/worker. */
export async function manifestRules(): Promise<readonly ManifestRule[]> {
  const objects = await loadManifest('worker/base/rbac.yaml')
  const roles = objects.filter(({ kind }) => kind.endsWith('Role')).map((object) => roleSchema.parse(object))
  return roles.flatMap(({ kind, metadata, rules }) => {
    const scope = SCOPES[`${kind}/${metadata.name}`]
    if (scope === undefined) throw new Error(`Nobody knows where ${kind} ${metadata.name} counts.`)
    return rules.map(({ apiGroups: [apiGroup], resources, verbs }) =>
      resources.map((resource) => ({ scope, apiGroup, resource, verbs })),
    )
  })
}
