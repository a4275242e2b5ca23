import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'

/** A request as a receiver has it: headers, and the body byte by byte. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  close(): Promise<void>
}

/** The part of a URL that is as good as a password: it may be in no message. */
export const SECRET_PATH = '/services/T0SECRET/B0SECRET/x9y8z7secret'

/** A real HTTP server that reads each request whole, and then answers. */
export async function receiver(answer: (response: ServerResponse, nth: number) => void): Promise<Receiver> {
  const received: Received[] = []
  const listener: RequestListener = async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const body = Buffer.concat(pieces).toString('utf8')
    received.push({ path: request.url ?? '', headers: request.headers, body })
    answer(response, received.length)
  }
  const server = createServer(listener)
  const url = await listening(server)
  return { url: url + SECRET_PATH, received, close: async () => await closed(server) }
}

/** A server that takes a connection and does with it what HTTP does not foresee. */
export async function liar(lie: (socket: Socket) => void): Promise<Receiver> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    lie(socket)
  })
  const url = await listening(server as Server)
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: url + SECRET_PATH, received: [], close }
}

async function listening(server: Pick<Server, 'listen' | 'address' | 'once'>): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server as Server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
