import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

const reviewSchema = z.object({ spec: z.object({ token: z.string(), audiences: z.array(z.string()) }) })

/** What stands in for an API server that signed every token of the form `namespace/serviceaccount`, and no other. */
export type TokenReviewServer = { url: string; close: () => Promise<void> }

export async function startTokenReviewServer(): Promise<TokenReviewServer> {
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      const { spec } = reviewSchema.parse(JSON.parse(text))
      response.writeHead(201, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ status: review(spec.token, spec.audiences) }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function review(token: string, audiences: readonly string[]): object {
  const [namespace, name] = token.split('/')
  if (!namespace || !name) return { authenticated: false, error: '[invalid bearer token, token has expired]' }
  return {
    authenticated: true,
    audiences,
    user: {
      username: `system:serviceaccount:${namespace}:${name}`,
      extra: {
        'authentication.kubernetes.io/pod-name': ['a-pod'],
        'authentication.kubernetes.io/pod-uid': ['a-uid'],
      },
    },
  }
}
