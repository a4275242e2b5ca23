import type { Access } from '../kubernetes/access-review.ts'

/** All that is not allowed, in one line: the verbs of each resource, for each namespace where they are missing. */
export function describeDenied(denied: readonly Access[]): string {
  const verbs = new Map<string, string[]>()
  for (const access of denied) {
    const what = `${qualifiedResource(access)} ${placeOf(access)}`
    verbs.set(what, [...(verbs.get(what) ?? []), access.verb])
  }
  return [...verbs].map(([what, each]) => `${each.join(', ')} on ${what}`).join('; ')
}

/** As kubectl writes it: `deployments.apps`. */
function qualifiedResource({ apiGroup, resource }: Access): string {
  return apiGroup === '' ? resource : `${resource}.${apiGroup}`
}

function placeOf({ namespace }: Access): string {
  return namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`
}
