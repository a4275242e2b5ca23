/** What the worker asks of the API server about Jobs, as told by a request's method and address. */
export const REQUEST_KINDS = ['create Job', 'read Job', 'list its pods', 'read log', 'watch', 'list all'] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]

const JOBS = /^\/apis\/batch\/v1\/namespaces\/[^/]+\/jobs(?<name>\/[^/]+)?$/
const PODS = /^\/api\/v1\/namespaces\/[^/]+\/pods$/
const LOG = /^\/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+\/log$/

/**
 * Undefined for what is not about Jobs.
 *
 * @param target path and query, as they stand in the request's first line
 */
export function requestKind(method: string, target: string): RequestKind | undefined {
  const { pathname, searchParams } = new URL(target, 'http://kubernetes')
  if (searchParams.get('watch') === 'true') return 'watch'
  if (LOG.test(pathname)) return 'read log'
  const jobs = JOBS.exec(pathname)
  if (jobs && method === 'POST') return 'create Job'
  if (jobs?.groups?.name && method === 'GET') return 'read Job'
  if (method !== 'GET' || !(jobs || PODS.test(pathname))) return undefined
  return searchParams.get('labelSelector')?.includes('job-name=') ? 'list its pods' : 'list all'
}
