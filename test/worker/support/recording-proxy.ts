import type { IncomingMessage } from 'node:http'
import type { Access } from '../../../src/kubernetes/access-review.ts'
import { startApiProxy } from '../../kubernetes/support/api-proxy.ts'

/** An API server as a client sees it, which notes what it is asked for. */
export interface RecordingProxy {
  readonly server: string
  /** What was asked for until now, each once, in the words of RBAC. */
  accesses(): readonly Access[]
  /** The requests that were forbidden. */
  readonly forbidden: readonly string[]
  close(): void
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }

/** Hands each request on to the API server in the name of a token's owner. */
export async function startRecordingProxy(target: string, ca: string, token: string): Promise<RecordingProxy> {
  const seen = new Map<string, Access>()
  const forbidden: string[] = []
  const note = (access: Access | undefined): void => {
    if (access) seen.set(JSON.stringify(access), access)
  }
  const { server, close } = await startApiProxy({
    target,
    ca,
    token,
    onAnswer: (incoming, status) => {
      note(accessOf(incoming))
      if (status === 403) forbidden.push(`${incoming.method} ${incoming.url}`)
      // Server-side apply of what is not there yet: the API server asks for the right to create it too.
      if (incoming.method === 'PATCH' && status === 201) note({ ...accessOf(incoming), verb: 'create' } as Access)
    },
  })
  return { server, accesses: () => [...seen.values()], forbidden, close }
}

/** What a request is to RBAC; undefined for one that is about no resource: discovery. */
function accessOf({ method = 'GET', url = '/' }: IncomingMessage): Access | undefined {
  const { pathname, searchParams } = new URL(url, 'http://proxy')
  const path = /^\/(?:api|apis\/(?<group>[^/]+))\/[^/]+(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<rest>.+)$/
  const { group = '', namespace, rest = '' } = path.exec(pathname)?.groups ?? {}
  const [resource = '', name, subresource] = rest.split('/')
  if (resource === '') return undefined
  // A namespace lies in itself: who has a right to namespaces in it has it to this one.
  const lies = namespace ?? (resource === 'namespaces' && method === 'DELETE' ? name : undefined)
  const reading = searchParams.has('watch') ? 'watch' : name === undefined ? 'list' : 'get'
  return {
    verb: VERBS[method] ?? reading,
    apiGroup: group,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    ...(lies !== undefined && { namespace: lies }),
  }
}
