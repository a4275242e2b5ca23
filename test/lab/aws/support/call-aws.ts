import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'

/** What signs a request. */
export type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

const answerSchema = z.looseObject({ error: z.object({ name: z.string(), message: z.string() }).optional() })

/** What AWS tools take from their environment. */
export function awsEnvironment(endpoint: string, caFile: string, keys?: Keys): Record<string, string> {
  return {
    ...(keys === undefined ? {} : { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey }),
    ...(keys?.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: keys.sessionToken }),
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_CA_BUNDLE: caFile,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}

/**
 * Calls an AWS API by Python's SDK, which is not ours and signs by itself.
 *
 * @param operation As Python calls it: `create_role`.
 * @throws an error named after AWS's error code where AWS refuses.
 */
export async function callAws(
  python: string,
  environment: Record<string, string>,
  service: string,
  operation: string,
  parameters: object,
): Promise<Record<string, unknown>> {
  const script = join(import.meta.dirname, 'call-aws.py')
  const result = await execa(python, [script, service, operation], {
    env: environment,
    input: JSON.stringify(parameters),
  })
  const { error, ...answer } = answerSchema.parse(JSON.parse(result.stdout))
  if (error === undefined) return answer
  throw Object.assign(new Error(error.message), { name: error.name })
}
