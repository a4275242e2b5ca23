import { expect, test } from '@jest/globals'
import { s3Failure } from '../../../../images/tools/s3/s3-failure.ts'

test.each([
  ['api error AccessDenied: Access Denied', 'AccessDenied', false],
  ['operation error S3: HeadObject, https response error StatusCode: 403, api error Forbidden', 'AccessDenied', false],
  ['StatusCode: 403, api error InvalidAccessKeyId: gone', 'CredentialsNotAccepted', true],
  ['StatusCode: 400, api error ExpiredToken: The provided token has expired', 'CredentialsNotAccepted', true],
  ['get credentials: no EC2 IMDS role found', 'NoCredentials', false],
  ['api error NoSuchBucket: The specified bucket does not exist', 'BucketMissing', false],
  ['dial tcp: connection refused', 'S3Failed', true],
  ['write /scratch/x: no space left on device', 'VolumeFull', false],
])('%s is a %s', (words, type, retryable) => {
  expect(s3Failure('Copying', [words])).toMatchObject({ type, retryable })
})
