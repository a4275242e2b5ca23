import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { NeededPermission } from '../../../src/kubernetes/permissions.ts'
import { kubectl, type WholeLab } from '../../support/lab.ts'
import { applyObjects, ownName } from './worker-lab.ts'

const RBAC = 'rbac.authorization.k8s.io'

/** A user of the cluster who may do just what is listed, and the kubeconfig that makes whoever uses it that user. */
export interface Account {
  readonly user: string
  readonly token: string
  readonly kubeconfig: string
  remove(): Promise<void>
}

export interface Places {
  readonly controlNamespace: string
  readonly pipelineNamespace: string
}

/** Makes a service account with these permissions, as RBAC manifests would be made from the same list. */
export async function makeAccount(
  lab: WholeLab,
  permissions: readonly NeededPermission[],
  { controlNamespace, pipelineNamespace }: Places,
): Promise<Account> {
  const name = ownName()
  await applyObjects(lab, accountObjects(name, permissions, { controlNamespace, pipelineNamespace }))
  const token = (await kubectl(lab, '--namespace', controlNamespace, 'create', 'token', name)).trim()
  const { kubeconfig, remove } = await kubeconfigWith(lab, { token })
  return {
    user: `system:serviceaccount:${controlNamespace}:${name}`,
    token,
    kubeconfig,
    remove: async () => {
      await kubectl(lab, 'delete', 'clusterrolebinding,clusterrole', name)
      await remove()
    },
  }
}

/** A service account of the control namespace and all that grants it these permissions. */
export function accountObjects(
  name: string,
  permissions: readonly NeededPermission[],
  { controlNamespace, pipelineNamespace }: Places,
): object[] {
  const subject = { kind: 'ServiceAccount', name, namespace: controlNamespace }
  const rulesOf = (scope: NeededPermission['scope']) => permissions.filter((each) => each.scope === scope).map(ruleOf)
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: controlNamespace } },
    ...grant('ClusterRole', { name }, rulesOf('cluster'), subject),
    ...grant('Role', { name: `${name}-control`, namespace: controlNamespace }, rulesOf('controlNamespace'), subject),
    ...grant('Role', { name: `${name}-pipeline`, namespace: pipelineNamespace }, rulesOf('pipelineNamespace'), subject),
  ]
}

/** The lab's kubeconfig with other credentials, or another server, in a file of its own. */
export async function kubeconfigWith(
  lab: WholeLab,
  user: Readonly<Record<string, string>>,
  server?: string,
): Promise<{ readonly kubeconfig: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-test-'))
  const config = parse(await readFile(lab.kubernetes.kubeconfig, 'utf8'))
  config.users[0].user = user
  if (server !== undefined) config.clusters[0].cluster = { server, 'insecure-skip-tls-verify': true }
  const kubeconfig = join(directory, 'kubeconfig')
  await writeFile(kubeconfig, stringify(config), { mode: 0o600 })
  return { kubeconfig, remove: async () => await rm(directory, { recursive: true }) }
}

function ruleOf({ apiGroup, resource, verbs }: NeededPermission): object {
  return { apiGroups: [apiGroup], resources: [resource], verbs }
}

function grant(
  kind: 'Role' | 'ClusterRole',
  metadata: { name: string; namespace?: string },
  rules: object[],
  subject: object,
): object[] {
  return [
    { apiVersion: `${RBAC}/v1`, kind, metadata, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: RBAC, kind, name: metadata.name },
      subjects: [subject],
    },
  ]
}
