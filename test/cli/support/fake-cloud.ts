import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createSecureServer, type IncomingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { execa } from 'execa'

/** What a server that stands where Temporal Cloud would has been told of who calls. */
export interface Call {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** Whom the client's certificate names; absent where it shows none that the authority signed. */
  readonly client?: string
}

export interface FakeCloud {
  readonly address: string
  readonly calls: readonly Call[]
  close(): Promise<void>
}

/** Certificates by an authority of their own: `ca`, `server` for localhost, `client` for the client `nightly`. */
export async function makeCertificates(folder: string): Promise<void> {
  const openssl = async (name: string, subject: string, ...options: string[]) => {
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-noenc',
      '-keyout',
      join(folder, `${name}.key`),
    ]
    const out = ['-out', join(folder, `${name}.pem`), '-days', '2', '-subj', subject]
    await execa('openssl', ['req', '-x509', ...key, ...out, ...options])
  }
  const signed = ['-CA', join(folder, 'ca.pem'), '-CAkey', join(folder, 'ca.key')]
  await openssl('ca', '/CN=authority')
  await openssl('server', '/CN=localhost', ...signed, '-addext', 'subjectAltName=DNS:localhost')
  await openssl('client', '/CN=nightly', ...signed)
}

/** A server that speaks gRPC over TLS, notes who calls, and refuses everything but to say that it is there. */
export async function startFakeCloud(folder: string): Promise<FakeCloud> {
  const [cert, key, ca] = await Promise.all(
    ['server.pem', 'server.key', 'ca.pem'].map((name) => readFile(join(folder, name))),
  )
  if (!cert || !key || !ca) throw new Error('There are no certificates.')
  const calls: Call[] = []
  const server = createSecureServer({ cert, key, ca, requestCert: true, rejectUnauthorized: false })
  server.on('stream', (stream, headers) => {
    const socket = stream.session?.socket
    const subject = socket instanceof TLSSocket && socket.authorized ? socket.getPeerCertificate().subject : undefined
    const method = String(headers[':path']).split('/').at(-1) ?? ''
    calls.push({ method, headers, ...(subject && { client: String(subject.CN) }) })
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    const status = method === 'GetSystemInfo' ? '0' : '7'
    stream.on('wantTrailers', () =>
      stream.sendTrailers({ 'grpc-status': status, 'grpc-message': 'this key is for nothing' }),
    )
    // An empty message: a byte that says that it is not compressed, and its length.
    stream.end(status === '0' ? Buffer.alloc(5) : undefined)
  })
  server.listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.close()
    await once(server, 'close')
  }
  return { address: `localhost:${port}`, calls, close }
}
