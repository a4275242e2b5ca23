import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { request } from 'node:https'

/** A request that a client made of the API server. */
export interface ApiRequest {
  readonly method: string
  /** With its query. */
  readonly url: URL
  readonly isWatch: boolean
}

/** The API server as a client sees it, between whom a test can come. */
export interface ApiProxy {
  readonly server: string
  /** All that was asked for until now, oldest first. */
  readonly requests: readonly ApiRequest[]
  /** As if the API server were gone: no connection lives, and none is taken. */
  cut(): Promise<void>
  open(): Promise<void>
  /** Watches that are open stay open, and nothing more comes out of them. */
  silence(): void
  /** Until it is told otherwise, each watch is answered by this instead of by the API server. */
  answerWatches(answer: WatchAnswer | undefined): void
  close(): void
}

export type WatchAnswer = (outgoing: ServerResponse) => void

export interface ApiProxyOptions {
  /** Of the API server itself. */
  readonly target: string
  readonly ca: string
  /** In whose name requests are handed on. */
  readonly token: string
  readonly onAnswer?: (incoming: IncomingMessage, status: number) => void
}

export async function startApiProxy({ target, ca, token, onAnswer }: ApiProxyOptions): Promise<ApiProxy> {
  const requests: ApiRequest[] = []
  const watches = new Map<ServerResponse, IncomingMessage>()
  let watchAnswer: WatchAnswer | undefined
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url: path = '/' } = incoming
    const url = new URL(path, target)
    const isWatch = url.searchParams.has('watch')
    requests.push({ method, url, isWatch })
    if (isWatch && watchAnswer) return watchAnswer(outgoing)
    const headers = { ...incoming.headers, host: url.host, authorization: `Bearer ${token}` }
    const onward = request(url, { method, headers, ca }, (answer) => {
      onAnswer?.(incoming, answer.statusCode ?? 502)
      if (isWatch) watches.set(outgoing, answer)
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.on('error', () => outgoing.destroy()).pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => {
      watches.delete(outgoing)
      onward.destroy()
    })
    incoming.pipe(onward)
  })
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as { port: number }).port
  }
  const close = (): void => {
    server.close()
    server.closeAllConnections()
  }
  const port = await listen(0)
  return {
    server: `http://127.0.0.1:${port}`,
    requests,
    cut: async () => {
      const closed = once(server, 'close')
      close()
      await closed
    },
    open: async () => void (await listen(port)),
    silence: () => {
      for (const [outgoing, answer] of watches) answer.unpipe(outgoing)
    },
    answerWatches: (answer) => {
      watchAnswer = answer
    },
    close,
  }
}
