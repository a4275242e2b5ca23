import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

/** A way to a server on which the first connection that sends much breaks. */
export interface BreakingProxy {
  readonly port: number
  /** How many connections it has broken. */
  readonly broken: () => number
  readonly stop: () => void
}

/**
 * Passes connections on to a port of this machine.
 *
 * @param bytes after how many sent to the server the first connection breaks
 */
export async function startBreakingProxy(toPort: number, bytes: number): Promise<BreakingProxy> {
  let broken = 0
  const server = createServer((client) => {
    const upstream = connect(toPort, '127.0.0.1')
    let sent = 0
    client.on('data', (chunk) => {
      sent += chunk.length
      if (broken > 0 || sent < bytes) return
      broken += 1
      client.resetAndDestroy()
    })
    for (const socket of [client, upstream]) socket.on('error', () => {})
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    client.pipe(upstream).pipe(client)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, broken: () => broken, stop: () => server.close() }
}
