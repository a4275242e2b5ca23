import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CONTENT_POLICY } from '../report/page/content-policy.ts'
import type { Health, Verdict } from './health.ts'
import { Refusal } from './refusal.ts'
import type { ReportMaker } from './report-maker.ts'
import { rootMessage } from './root-message.ts'

/** What the page says itself, for browsers that are told before they read it. */
const REPORT_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_POLICY,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/**
 * Serves `/healthz` and `/readyz` until the process ends: 200 for yes, 503 for no, and the verdict as JSON. And `/report`, the page, where
 * there is somebody who makes it.
 *
 * @param port 0 for any that is free
 * @param reports undefined: there is no such page
 * @returns the port
 * @throws {Refusal} the port cannot be had
 */
export async function startHealthServer(health: Health, port: number, reports?: ReportMaker): Promise<number> {
  const server = createServer(async ({ url }, response) => {
    if (url === '/healthz') return answer(response, health.live())
    if (url === '/readyz') return answer(response, await health.ready())
    if (url === '/report' && reports) return await answerReport(response, reports)
    response.writeHead(404).end()
  })
  // The process ends with its worker, whoever still asks.
  server.unref()
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

async function answerReport(response: ServerResponse, reports: ReportMaker): Promise<void> {
  try {
    const page = await reports.page()
    response.writeHead(200, REPORT_HEADERS).end(page)
  } catch (error) {
    response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' }).end(`${messageOf(error)}\n`)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
