import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { awsEnvironment } from './aws-caller.ts'
import type { StandIn } from './stand-in.ts'

/**
 * The environment of a pod with Pod Identity: no key, but an agent and a token.
 *
 * @param account `namespace/name` of the pod's service account
 */
export async function podEnvironment(aws: StandIn, account: string): Promise<Record<string, string>> {
  const tokenFile = join(aws.directory, `token-${account.replace('/', '-')}`)
  await writeFile(tokenFile, account)
  return {
    ...awsEnvironment(aws.endpoint, aws.caFile),
    AWS_CONTAINER_CREDENTIALS_FULL_URI: aws.agent,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
  }
}
