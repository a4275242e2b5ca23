import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Health, Verdict } from './health.ts'
import { Refusal } from './refusal.ts'
import { rootMessage } from './root-message.ts'

/**
 * Serves `/healthz` and `/readyz` until the process ends: 200 for yes, 503 for no, and the verdict as JSON.
 *
 * @param port 0 for any that is free
 * @returns the port
 * @throws {Refusal} the port cannot be had
 */
export async function startHealthServer(health: Health, port: number): Promise<number> {
  const server = createServer(async ({ url }, response) => {
    if (url === '/healthz') return answer(response, health.live())
    if (url === '/readyz') return answer(response, await health.ready())
    response.writeHead(404).end()
  })
  try {
    server.listen(port)
    await once(server, 'listening')
  } catch (error) {
    throw new Refusal(
      `the health endpoints cannot be opened at port ${port}`,
      rootMessage(error),
      'Set HOLDFAST_HEALTH_PORT to a port that is free, or unset it: then there are none.',
    )
  }
  return (server.address() as AddressInfo).port
}

function answer(response: ServerResponse, verdict: Verdict): void {
  response.writeHead(verdict.ok ? 200 : 503, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(verdict)}\n`)
}
