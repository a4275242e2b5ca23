import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy in front of a server. Cut, it is as if the server were gone: no connection lives, none is taken. */
export interface CuttableProxy {
  readonly address: string
  cut(): Promise<void>
  open(): Promise<void>
}

export async function startProxy(target: string): Promise<CuttableProxy> {
  const [host = '', targetPort = ''] = target.split(':')
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    return socket
  }
  const server = createServer((client) => {
    const upstream = keep(connect(Number(targetPort), host))
    keep(client).pipe(upstream).pipe(client)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as { port: number }).port
  }
  const port = await listen(0)
  return {
    address: `127.0.0.1:${port}`,
    cut: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
    open: async () => void (await listen(port)),
  }
}
