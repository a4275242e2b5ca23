/** Sets a bucket as terraform/storage does. @param set calls an operation of S3's on the bucket, as its administrator */
export async function provisionBucket(set: (operation: string, parameters: object) => Promise<unknown>): Promise<void> {
  const closed = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true }
  const rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }]
  const lifecycle = {
    ID: 'abort-incomplete-uploads',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  }
  await set('put_bucket_versioning', { VersioningConfiguration: { Status: 'Enabled' } })
  await set('put_public_access_block', { PublicAccessBlockConfiguration: closed })
  await set('put_bucket_encryption', { ServerSideEncryptionConfiguration: { Rules: rules } })
  await set('put_bucket_lifecycle_configuration', { LifecycleConfiguration: { Rules: [lifecycle] } })
}
