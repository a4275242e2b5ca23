import { type Agent, createServer, type IncomingMessage, type RequestOptions, type ServerResponse } from 'node:http'
import { request, Agent as TlsAgent } from 'node:https'
import { pipeline } from 'node:stream'
import type { Cleanup } from './cleanup.ts'
import { REQUEST_KINDS, type RequestKind, requestKind } from './request-kinds.ts'

const LOG_LINES = 20

/** What has gone through the proxy. */
export class RequestCount {
  readonly #counts = new Map<RequestKind, number>(REQUEST_KINDS.map((kind) => [kind, 0]))
  #openWatches = 0
  mostOpenWatches = 0

  of(kind: RequestKind): number {
    return this.#counts.get(kind) ?? 0
  }

  get all(): number {
    return REQUEST_KINDS.reduce((sum, kind) => sum + this.of(kind), 0)
  }

  note(kind: RequestKind, ended: { once(event: 'close', listener: () => void): unknown }): void {
    this.#counts.set(kind, this.of(kind) + 1)
    if (kind !== 'watch') return
    this.#openWatches += 1
    this.mostOpenWatches = Math.max(this.mostOpenWatches, this.#openWatches)
    ended.once('close', () => {
      this.#openWatches -= 1
    })
  }
}

export interface CountingProxy {
  readonly url: string
  readonly count: RequestCount
}

/**
 * Stands between a worker and the API server and counts what the worker asks. A faked pod has no log, so requests for one are
 * counted and answered here, as a step's program would have written it.
 */
export async function startCountingProxy(apiServerUrl: string, cleanup: Cleanup): Promise<CountingProxy> {
  const count = new RequestCount()
  const agent = new TlsAgent({ keepAlive: true, rejectUnauthorized: false })
  const server = createServer((incoming, outgoing) => {
    const kind = requestKind(incoming.method ?? 'GET', incoming.url ?? '/')
    count.note(kind, outgoing)
    if (kind === 'read log') outgoing.end(logText())
    else forward(incoming, outgoing, apiServerUrl, agent)
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanup.defer(async () => {
    server.closeAllConnections()
    server.close()
    agent.destroy()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no address.')
  return { url: `http://127.0.0.1:${address.port}`, count }
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, apiServerUrl: string, agent: Agent): void {
  const { method, headers, url } = incoming
  const options: RequestOptions = { method: method ?? 'GET', headers, agent }
  const upstream = request(new URL(url ?? '/', apiServerUrl), options, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    // A watch's header has to be there before its first event.
    outgoing.flushHeaders()
    pipeline(answer, outgoing, () => undefined)
  })
  upstream.on('error', (error) => {
    if (!outgoing.headersSent) outgoing.writeHead(502)
    outgoing.end(String(error))
  })
  outgoing.once('close', () => upstream.destroy())
  incoming.pipe(upstream)
}

/** The last lines of a program that prints a line of progress a second. */
function logText(): string {
  const seconds = Math.floor(Date.now() / 1000)
  const lines = Array.from({ length: LOG_LINES }, (_, index) => {
    const bytes = (seconds - LOG_LINES + index) * 1000
    return JSON.stringify({
      progress: { percent: seconds % 100, bytes, totalBytes: bytes * 2, bytesPerSecond: 12_268_339 },
    })
  })
  return `${lines.join('\n')}\n`
}
