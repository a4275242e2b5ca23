import { join } from 'node:path'
import { podEnvironment } from './pod-environment.ts'
import type { StandIn } from './stand-in.ts'

/**
 * The environment of rclone in a pod, whose remote `S3` is the stand-in. A file above 8 MB is uploaded in parts.
 *
 * @param account `namespace/name` of the pod's service account
 */
export async function rcloneEnvironment(aws: StandIn, account: string): Promise<Record<string, string>> {
  return {
    ...(await podEnvironment(aws, account)),
    RCLONE_CONFIG: join(aws.directory, 'none.conf'),
    RCLONE_CA_CERT: aws.caFile,
    RCLONE_CONFIG_S3_TYPE: 's3',
    RCLONE_CONFIG_S3_PROVIDER: 'AWS',
    RCLONE_CONFIG_S3_ENV_AUTH: 'true',
    RCLONE_CONFIG_S3_ENDPOINT: aws.endpoint,
    RCLONE_CONFIG_S3_FORCE_PATH_STYLE: 'true',
    // Without it rclone tries to create the bucket, which the role may not.
    RCLONE_CONFIG_S3_NO_CHECK_BUCKET: 'true',
    RCLONE_S3_UPLOAD_CUTOFF: '8M',
    RCLONE_S3_CHUNK_SIZE: '5M',
    RCLONE_S3_COPY_CUTOFF: '8M',
  }
}
