import { AuthorizationV1Api } from '@kubernetes/client-node'
import type { Kubernetes } from './kubernetes-client.ts'
import type { NeededPermission } from './permissions.ts'

/** One thing that somebody may or may not do, as the API server is asked about it. */
export interface Access {
  readonly verb: string
  readonly apiGroup: string
  readonly resource: string
  /** Absent for what has no namespace. */
  readonly namespace?: string
}

/** The namespaces that the scopes of needed permissions stand for. */
export interface Namespaces {
  readonly controlNamespace: string
  readonly pipelineNamespaces: readonly string[]
}

/** Each verb of each permission in each namespace where it is needed, once. */
export function expandPermissions(needed: readonly NeededPermission[], namespaces: Namespaces): readonly Access[] {
  const accesses = needed.flatMap(({ scope, apiGroup, resource, verbs }) =>
    placesOf(scope, namespaces).flatMap((place) => verbs.map((verb) => ({ verb, apiGroup, resource, ...place }))),
  )
  return [...new Map(accesses.map((access) => [JSON.stringify(access), access])).values()]
}

/** Asks the API server about each, in the name of whoever asks, and returns those that are not allowed. */
export async function findDenied(kubernetes: Kubernetes, accesses: readonly Access[]): Promise<readonly Access[]> {
  const api = kubernetes.config.makeApiClient(AuthorizationV1Api)
  const allowed = await Promise.all(accesses.map((access) => isAllowed(api, access)))
  return accesses.filter((_, index) => !allowed[index])
}

async function isAllowed(api: AuthorizationV1Api, { resource, apiGroup, ...access }: Access): Promise<boolean> {
  const [name = '', subresource] = resource.split('/')
  const resourceAttributes = { ...access, group: apiGroup, resource: name, ...(subresource && { subresource }) }
  const review = await api.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } })
  return review.status?.allowed === true
}

function placesOf(
  scope: NeededPermission['scope'],
  { controlNamespace, pipelineNamespaces }: Namespaces,
): readonly { namespace?: string }[] {
  switch (scope) {
    case 'cluster':
      return [{}]
    case 'controlNamespace':
      return [{ namespace: controlNamespace }]
    case 'pipelineNamespace':
      return pipelineNamespaces.map((namespace) => ({ namespace }))
  }
}
