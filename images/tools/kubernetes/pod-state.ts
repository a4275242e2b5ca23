import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
const ASK_MILLISECONDS = 10_000

const podSchema = z.object({ status: z.object({ phase: z.string() }) })

/** What has become of a pod. `unknown` where this pod may not ask, or cannot. */
export type PodState = 'alive' | 'ended' | 'unknown'

/** Asks the cluster, with the rights of this pod's service account, for a pod of its own namespace. */
export async function podState(name: string): Promise<PodState> {
  try {
    const namespace = (await readFile(`${SERVICE_ACCOUNT}/namespace`, 'utf8')).trim()
    const { status, body } = await get(`/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(name)}`)
    return stateOf(status, body)
  } catch {
    return 'unknown'
  }
}

/** Reads the answer to such a question. */
export function stateOf(status: number, body: string): PodState {
  if (status === 404) return 'ended'
  if (status !== 200) return 'unknown'
  const { phase } = podSchema.parse(JSON.parse(body)).status
  return phase === 'Succeeded' || phase === 'Failed' ? 'ended' : 'alive'
}

async function get(path: string): Promise<{ status: number; body: string }> {
  const [token, ca] = await Promise.all([
    readFile(`${SERVICE_ACCOUNT}/token`, 'utf8'),
    readFile(`${SERVICE_ACCOUNT}/ca.crt`, 'utf8'),
  ])
  return await new Promise((resolve, reject) => {
    const asked = request(
      {
        host: process.env.KUBERNETES_SERVICE_HOST,
        port: process.env.KUBERNETES_SERVICE_PORT,
        path,
        ca,
        headers: { authorization: `Bearer ${token.trim()}` },
        timeout: ASK_MILLISECONDS,
      },
      (answer) => {
        text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject)
      },
    )
    asked.once('timeout', () => asked.destroy(new Error('The API server does not answer.')))
    asked.once('error', reject)
    asked.end()
  })
}
