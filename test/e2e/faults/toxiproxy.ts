import { execa } from 'execa'
import { z } from 'zod'
import { buildGoModule } from '../../../lab/go-build.ts'
import { freePorts } from '../../support/free-ports.ts'
import { eventually } from '../../worker/support/eventually.ts'

/** What is done to the data of a connection, in toxiproxy's words: https://github.com/Shopify/toxiproxy#toxics */
export interface Toxic {
  readonly type: 'latency' | 'bandwidth' | 'reset_peer' | 'timeout'
  /** Towards whom. Without it `downstream`: what the server answers. */
  readonly stream?: 'upstream' | 'downstream'
  /** `latency` and `jitter` and `timeout` in milliseconds, `rate` in KB a second. */
  readonly attributes: Readonly<Record<string, number>>
}

/** A way to a server that can be made a bad one. */
export interface ToxicWay {
  /** Where it listens, as host:port. */
  readonly address: string
  /** Adds a toxic, to the connections that there are too. @returns what takes it away again */
  add(toxic: Toxic): Promise<() => Promise<void>>
  /** As if there were nobody: no connection lives, and none is taken. @returns what ends that */
  cut(): Promise<() => Promise<void>>
}

const proxySchema = z.object({ listen: z.string() })

/** One toxiproxy, with as many ways as a test needs. */
export class Toxiproxy {
  readonly #api: string
  readonly #stop: () => Promise<void>

  private constructor(api: string, stop: () => Promise<void>) {
    this.#api = api
    this.#stop = stop
  }

  static async start(): Promise<Toxiproxy> {
    const programs = { 'github.com/Shopify/toxiproxy/v2/cmd/server': 'toxiproxy' }
    const folder = 'test/e2e/faults/toxiproxy'
    const built = await buildGoModule({ folder, programs, linkerFlags: '' }, (line) =>
      process.stderr.write(`${line}\n`),
    )
    const [port] = await freePorts(1)
    const server = execa(built.path('toxiproxy'), ['-host', '127.0.0.1', '-port', String(port)], {
      env: { LOG_LEVEL: 'error' },
      stdout: 'ignore',
      stderr: 'ignore',
      reject: false,
    })
    const toxiproxy = new Toxiproxy(`http://127.0.0.1:${port}`, async () => {
      server.kill()
      await server
    })
    await eventually(async () => await toxiproxy.#call('GET', '/version'))
    return toxiproxy
  }

  async stop(): Promise<void> {
    await this.#stop()
  }

  /** Opens a way to a server. @param host where it listens, at a port of its own */
  async open(name: string, upstream: string, host = '127.0.0.1'): Promise<ToxicWay> {
    const made = await this.#call('POST', '/proxies', { name, listen: `${host}:0`, upstream, enabled: true })
    const proxy = `/proxies/${name}`
    return {
      address: proxySchema.parse(made).listen,
      add: async ({ type, stream = 'downstream', attributes }) => {
        await this.#call('POST', `${proxy}/toxics`, { name: type, type, stream, attributes })
        return async () => void (await this.#call('DELETE', `${proxy}/toxics/${type}`))
      },
      cut: async () => {
        await this.#call('POST', proxy, { enabled: false })
        return async () => void (await this.#call('POST', proxy, { enabled: true }))
      },
    }
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const init = { method, ...(body && { body: JSON.stringify(body) }) }
    const answer = await fetch(`${this.#api}${path}`, init).catch((cause: unknown) => {
      // What fetch throws is no error of the realm that a test runs in.
      throw new Error(`toxiproxy does not answer: ${String(cause)}`, { cause })
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`toxiproxy: ${method} ${path}: ${answer.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
}
