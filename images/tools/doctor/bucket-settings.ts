import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
  type PublicAccessBlockConfiguration,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { asStep } from '../catalog/open-store.ts'
import { StepError } from '../job/step-error.ts'

/** What of a bucket terraform/storage sets. Undefined or empty: it has no such setting. */
export interface BucketSettings {
  readonly versioning: string | undefined
  /** The algorithms by which S3 encrypts what is put. */
  readonly encryption: readonly string[]
  readonly publicAccessBlock: PublicAccessBlockConfiguration
  readonly lifecycle: readonly LifecycleRule[]
}

/** What S3 answers where a bucket has no such setting. */
const NOT_SET = [
  'ServerSideEncryptionConfigurationNotFoundError',
  'NoSuchPublicAccessBlockConfiguration',
  'NoSuchLifecycleConfiguration',
]

/** @throws {StepError} one of `s3Failure`, or `SettingsNotReadable` */
export async function readBucketSettings(s3: S3Client, bucket: string): Promise<BucketSettings> {
  const of = { Bucket: bucket }
  const [versioning, encryption, access, lifecycle] = await Promise.all([
    ask('versioning', bucket, () => s3.send(new GetBucketVersioningCommand(of))),
    ask('encryption', bucket, () => s3.send(new GetBucketEncryptionCommand(of))),
    ask('public access block', bucket, () => s3.send(new GetPublicAccessBlockCommand(of))),
    ask('lifecycle', bucket, () => s3.send(new GetBucketLifecycleConfigurationCommand(of))),
  ])
  const rules = encryption?.ServerSideEncryptionConfiguration?.Rules ?? []
  return {
    versioning: versioning?.Status,
    encryption: rules.flatMap((rule) => rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? []),
    publicAccessBlock: access?.PublicAccessBlockConfiguration ?? {},
    lifecycle: lifecycle?.Rules ?? [],
  }
}

/** What is not as terraform/storage sets it, in words. */
export function faultsOf({ versioning, encryption, publicAccessBlock, lifecycle }: BucketSettings): string[] {
  const { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets } = publicAccessBlock
  const isClosed = BlockPublicAcls && BlockPublicPolicy && IgnorePublicAcls && RestrictPublicBuckets
  return [
    ...(versioning === 'Enabled'
      ? []
      : [`versioning is ${versioning ?? 'off'}: what is overwritten or deleted is gone`]),
    ...(encryption.length > 0 ? [] : ['S3 encrypts nothing by default']),
    ...(isClosed ? [] : ['public access is not blocked in all four ways']),
    ...(lifecycle.some(abortsUploads) ? [] : ['parts of uploads that never ended are kept for ever']),
  ]
}

/** Of all that is in the bucket. */
function abortsUploads({ Status, Filter, Prefix, AbortIncompleteMultipartUpload }: LifecycleRule): boolean {
  const { Prefix: prefix, ...others } = Filter ?? {}
  const isForAll = !Prefix && !prefix && Object.values(others).every((value) => value === undefined)
  return Status === 'Enabled' && isForAll && AbortIncompleteMultipartUpload?.DaysAfterInitiation !== undefined
}

/** @throws {StepError} `SettingsWrong` */
export function assertAsProvisioned(bucket: string, settings: BucketSettings): void {
  const faults = faultsOf(settings)
  if (faults.length === 0) return
  throw new StepError({
    type: 'SettingsWrong',
    message: `${bucket} is not as terraform/storage sets it: ${faults.join('; ')}.`,
    remedy: 'The provision step of the next pipeline sets it right. Who changed it? (CloudTrail: PutBucket…)',
    retryable: false,
  })
}

async function ask<Answer>(what: string, bucket: string, work: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof S3ServiceException && NOT_SET.includes(error.name)) return undefined
    if (error instanceof S3ServiceException && error.name === 'AccessDenied') throw notReadable(what, bucket, error)
    return await asStep(`Reading the ${what} of ${bucket}`, () => Promise.reject(error))
  }
}

function notReadable(what: string, bucket: string, cause: Error): StepError {
  return new StepError({
    type: 'SettingsNotReadable',
    message: `The role of the pod may not read the ${what} of ${bucket}: ${cause.message}.`,
    remedy: 'The provision step of the next pipeline gives the role that right (terraform/storage/access.tf).',
    retryable: false,
    cause,
  })
}
