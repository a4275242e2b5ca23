import { readAdminCredentials } from './aws/stand-in-client.ts'
import type { LabFile } from './lab-file.ts'

/** The environment variables with which a person sees the lab's bucket as AWS's administrator. No worker needs them. */
export async function administratorEnvironment({ aws }: LabFile): Promise<Record<string, string>> {
  if (!aws) return {}
  const { accessKeyId, secretAccessKey } = await readAdminCredentials(aws.adminCredentialsFile)
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: aws.region,
    // Version 1 of AWS's command line, as PyPI has it, knows the region by this name alone.
    AWS_DEFAULT_REGION: aws.region,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_CA_BUNDLE: aws.caFile,
    HOLDFAST_BUCKET: `test-${aws.accountId}`,
    HOLDFAST_S3_PATH_STYLE: 'true',
  }
}
