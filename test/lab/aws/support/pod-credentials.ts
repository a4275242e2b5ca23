import { z } from 'zod'
import type { Keys } from './aws-caller.ts'

const podCredentialsSchema = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  Token: z.string(),
  AccountId: z.string(),
  Expiration: z.iso.datetime(),
})

/** The agent's raw answer to a request with this token. */
export function askAgent(agent: string, token: string): Promise<Response> {
  return fetch(agent, { headers: token === '' ? {} : { Authorization: token } })
}

/** The keys that the agent gives a pod of a service account, `namespace/name`, and when they end. */
export async function podCredentials(
  agent: string,
  serviceAccount: string,
): Promise<{ keys: Keys; accountId: string; expiration: Date }> {
  const response = await askAgent(agent, serviceAccount)
  const text = await response.text()
  if (!response.ok) throw new Error(`the agent refused ${serviceAccount}: ${text}`)
  const answer = podCredentialsSchema.parse(JSON.parse(text))
  return {
    keys: {
      accessKeyId: answer.AccessKeyId,
      secretAccessKey: answer.SecretAccessKey,
      sessionToken: answer.Token,
    },
    accountId: answer.AccountId,
    expiration: new Date(answer.Expiration),
  }
}
