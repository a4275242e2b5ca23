import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A registry of images as far as it takes to be refused by one. */
export interface ImageRegistry {
  /** To be put before an image's name. */
  readonly address: string
  close(): void
}

/** A registry that has no image (404), or that knows nobody (401). On loopback a node speaks plain HTTP to it. */
export async function startRegistry(status: 404 | 401): Promise<ImageRegistry> {
  const code = status === 404 ? 'MANIFEST_UNKNOWN' : 'UNAUTHORIZED'
  const server = createServer((_, response) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'docker-distribution-api-version': 'registry/2.0',
    })
    response.end(JSON.stringify({ errors: [{ code, message: code }] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    address: `127.0.0.1:${port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
