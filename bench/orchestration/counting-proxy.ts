import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Agent, createServer, type RequestOptions, request } from 'node:https'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import type { Cleanup } from './cleanup.ts'
import { REQUEST_KINDS, type RequestKind, requestKind } from './request-kinds.ts'

const LOG_LINES = 20

/** What has gone through the proxy. */
export class RequestCount {
  readonly #about: string
  readonly #counts = new Map<RequestKind, number>(REQUEST_KINDS.map((kind) => [kind, 0]))
  #openWatches = 0
  mostOpenWatches = 0
  requests = 0
  connections = 0

  /** @param about the namespace whose Jobs, and watches, are counted by kind */
  constructor(about: string) {
    this.#about = `/namespaces/${about}/`
  }

  of(kind: RequestKind): number {
    return this.#counts.get(kind) ?? 0
  }

  /** Of all kinds, about Jobs of the namespace. */
  get aboutJobs(): number {
    return REQUEST_KINDS.reduce((sum, kind) => sum + this.of(kind), 0)
  }

  note(method: string, target: string, ended: { once(event: 'close', listener: () => void): unknown }): void {
    this.requests += 1
    const kind = requestKind(method, target)
    if (!kind || !target.includes(this.#about)) return
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

export interface ProxyOptions {
  readonly apiServerUrl: string
  /** Where the API server's own certificate and key are: the proxy shows the same. */
  readonly certificates: string
  /** The namespace whose Jobs are counted by kind. */
  readonly about: string
}

/**
 * Stands between a worker and the API server and counts what the worker asks. A faked pod has no log, so requests for one are
 * counted and answered here, as a step's program would have written it.
 */
export async function startCountingProxy(options: ProxyOptions, cleanup: Cleanup): Promise<CountingProxy> {
  const { apiServerUrl, certificates, about } = options
  const count = new RequestCount(about)
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false })
  const [cert, key] = await Promise.all(['crt', 'key'].map((end) => readFile(join(certificates, `apiserver.${end}`))))
  const server = createServer({ ...(cert && { cert }), ...(key && { key }) }, (incoming, outgoing) => {
    const { method = 'GET', url = '/' } = incoming
    count.note(method, url, outgoing)
    if (requestKind(method, url) === 'read log') outgoing.end(logText())
    else forward(incoming, outgoing, apiServerUrl, agent)
  })
  server.on('secureConnection', () => {
    count.connections += 1
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
  return { url: `https://127.0.0.1:${address.port}`, count }
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
