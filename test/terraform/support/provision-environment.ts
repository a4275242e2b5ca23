import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { awsEnvironment } from '../../lab/aws/support/aws-caller.ts'
import type { StandIn } from '../../lab/aws/support/stand-in.ts'

/** The environment of the provision step's Job: no key, but an agent and a token. */
export async function provisionEnvironment(aws: StandIn): Promise<Record<string, string>> {
  const tokenFile = join(aws.directory, 'provision-token')
  await writeFile(tokenFile, 'holdfast/holdfast-provision')
  return {
    ...awsEnvironment(aws.endpoint, aws.caFile),
    AWS_CONTAINER_CREDENTIALS_FULL_URI: aws.agent,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    TF_VAR_cluster_name: 'holdfast-lab',
    TF_VAR_s3_use_path_style: 'true',
  }
}
