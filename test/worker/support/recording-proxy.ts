import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { Access } from '../../../src/kubernetes/access-review.ts'

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
  const server = createServer((incoming, outgoing) => {
    const { method, url = '/' } = incoming
    const headers = { ...incoming.headers, host: new URL(target).host, authorization: `Bearer ${token}` }
    const onward = request(new URL(url, target), { method, headers, ca }, (answer) => {
      note(accessOf(incoming))
      if (answer.statusCode === 403) forbidden.push(`${method} ${url}`)
      // Server-side apply of what is not there yet: the API server asks for the right to create it too.
      if (method === 'PATCH' && answer.statusCode === 201) note({ ...accessOf(incoming), verb: 'create' } as Access)
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.on('error', () => outgoing.destroy()).pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    server: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    accesses: () => [...seen.values()],
    forbidden,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** What a request is to RBAC; undefined for one that is about no resource: discovery. */
function accessOf({ method = 'GET', url = '/' }: IncomingMessage): Access | undefined {
  const { pathname, searchParams } = new URL(url, 'http://proxy')
  const path = /^\/(?:api|apis\/(?<group>[^/]+))\/[^/]+(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<rest>.+)$/
  const { group = '', namespace, rest = '' } = path.exec(pathname)?.groups ?? {}
  const [resource = '', name, subresource] = rest.split('/')
  if (resource === '') return undefined
  const reading = searchParams.has('watch') ? 'watch' : name === undefined ? 'list' : 'get'
  return {
    verb: VERBS[method] ?? reading,
    apiGroup: group,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    ...(namespace !== undefined && { namespace }),
  }
}
