import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { execa } from 'execa'
import { rcloneEnvironment } from './support/rclone-environment.ts'
import { associate, createRole } from './support/roles.ts'
import { type StandIn, startStandIn } from './support/stand-in.ts'

jest.setTimeout(180_000)

const BUCKETS = ['backups', 'locked', 'encrypted']
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555'
const MEBIBYTE = 1024 * 1024

let aws: StandIn
let environment: Record<string, string>

beforeAll(async () => {
  aws = await startStandIn()
  const admin = aws.s3(aws.admin)
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' as const }
  await admin.send(new CreateBucketCommand({ Bucket: 'backups', CreateBucketConfiguration }))
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await admin.send(new PutBucketVersioningCommand({ Bucket: 'backups', VersioningConfiguration }))
  await admin.send(
    new CreateBucketCommand({ Bucket: 'locked', CreateBucketConfiguration, ObjectLockEnabledForBucket: true }),
  )
  await admin.send(
    new PutObjectLockConfigurationCommand({
      Bucket: 'locked',
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
      },
    }),
  )
  await admin.send(new CreateBucketCommand({ Bucket: 'encrypted', CreateBucketConfiguration }))
  const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: KEY }
  await admin.send(
    new PutBucketEncryptionCommand({
      Bucket: 'encrypted',
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault, BucketKeyEnabled: true }] },
    }),
  )
  const role = await createRole(aws, {
    name: 'backups',
    statements: [
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: BUCKETS.map((bucket) => `arn:aws:s3:::${bucket}`) },
      { Effect: 'Allow', Action: 's3:*Object', Resource: BUCKETS.map((bucket) => `arn:aws:s3:::${bucket}/*`) },
    ],
  })
  await associate(aws, 's3-test/s3-access', role)
  environment = await rcloneEnvironment(aws, 's3-test/s3-access')
  await mkdir(join(aws.directory, 'files'))
  await writeFile(join(aws.directory, 'files/small'), 'small')
  await writeFile(join(aws.directory, 'files/large'), randomBytes(23 * MEBIBYTE))
})
afterAll(() => aws.stop())

async function rclone(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const { stdout, stderr } = await execa(aws.rclone, args, { env: environment })
  return { stdout, stderr }
}

test('rclone uploads in parts, checks, copies on the server and checks again, by a pod identity', async () => {
  const files = join(aws.directory, 'files')
  await rclone('copy', files, 'S3:backups/backup1/a')
  await rclone('check', files, 'S3:backups/backup1/a')
  const copied = await rclone('copy', '-vv', 'S3:backups/backup1/a', 'S3:backups/backup2/a')
  expect(copied.stderr.match(/Copied \(server-side copy\)/g)).toHaveLength(2)
  await rclone('check', 'S3:backups/backup1/a', 'S3:backups/backup2/a')
  expect(JSON.parse((await rclone('size', '--json', 'S3:backups/backup2')).stdout)).toMatchObject({
    count: 2,
    bytes: 23 * MEBIBYTE + 5,
  })
})

test('rclone check finds another content', async () => {
  await writeFile(join(aws.directory, 'changed'), 'Small')
  await rclone('copyto', join(aws.directory, 'changed'), 'S3:backups/backup3/small')
  await rclone('copyto', join(aws.directory, 'files/large'), 'S3:backups/backup3/large')
  await expect(rclone('check', join(aws.directory, 'files'), 'S3:backups/backup3')).rejects.toMatchObject({
    stderr: expect.stringContaining('small: md5 differ'),
  })
})

test('what is purged is kept as a version', async () => {
  await rclone('copyto', join(aws.directory, 'files/small'), 'S3:backups/gone/small')
  await rclone('purge', 'S3:backups/gone')
  const versions = await aws.s3(aws.admin).send(new ListObjectVersionsCommand({ Bucket: 'backups', Prefix: 'gone/' }))
  expect(versions.Versions).toHaveLength(1)
  expect(versions.DeleteMarkers).toHaveLength(1)
})

test('a bucket with Object Lock takes uploads and copies, and what is deleted there is kept', async () => {
  const files = join(aws.directory, 'files')
  await rclone('copy', files, 'S3:locked/backup1/a')
  await rclone('check', files, 'S3:locked/backup1/a')
  await rclone('copy', 'S3:locked/backup1/a', 'S3:locked/backup2/a')
  await rclone('check', 'S3:locked/backup1/a', 'S3:locked/backup2/a')
  await rclone('delete', 'S3:locked/backup2/a')
  const versions = await aws.s3(aws.admin).send(new ListObjectVersionsCommand({ Bucket: 'locked', Prefix: 'backup2/' }))
  expect(versions.Versions).toHaveLength(2)
  expect(versions.DeleteMarkers).toHaveLength(2)
})

describe('a bucket whose objects KMS encrypts', () => {
  const told = { RCLONE_CONFIG_S3_SERVER_SIDE_ENCRYPTION: 'aws:kms', RCLONE_CONFIG_S3_SSE_KMS_KEY_ID: KEY }
  const files = () => join(aws.directory, 'files')
  const rcloneTold = async (...args: string[]) => await execa(aws.rclone, args, { env: { ...environment, ...told } })

  test('takes what is uploaded for broken, unless rclone is told that ETags are no MD5 there', async () => {
    const copied = execa(aws.rclone, ['copy', files(), 'S3:encrypted/untold', '--retries=1'], { env: environment })
    await expect(copied).rejects.toMatchObject({ stderr: expect.stringMatching(/corrupted|differ/) })
  })

  test('is uploaded to, copied in and checked by an rclone that is told, twice without doing anything again', async () => {
    await rcloneTold('copy', files(), 'S3:encrypted/backup1/a')
    await rcloneTold('check', files(), 'S3:encrypted/backup1/a')
    await rcloneTold('copy', '--checksum', 'S3:encrypted/backup1/a', 'S3:encrypted/backup2/a')
    await rcloneTold('check', 'S3:encrypted/backup1/a', 'S3:encrypted/backup2/a')
    const again = await rcloneTold('copy', '--checksum', '-v', files(), 'S3:encrypted/backup1/a')
    expect(again.stderr).not.toContain('Copied')
    for (const Key of ['backup1/a/small', 'backup2/a/small', 'backup1/a/large', 'backup2/a/large']) {
      const head = await aws.s3(aws.admin).send(new HeadObjectCommand({ Bucket: 'encrypted', Key }))
      expect(head).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KEY })
    }
  })

  test('is compared by the MD5 that rclone noted, not by its contents', async () => {
    await rcloneTold('copy', files(), 'S3:encrypted/backup3/a')
    const Bucket = 'encrypted'
    const Key = 'backup3/a/small'
    const admin = aws.s3(aws.admin)
    const { Metadata } = await admin.send(new HeadObjectCommand({ Bucket, Key }))
    await admin.send(new PutObjectCommand({ Bucket, Key, Body: 'SMALL', Metadata }))
    await rcloneTold('check', files(), 'S3:encrypted/backup3/a')
    await admin.send(new PutObjectCommand({ Bucket, Key, Body: 'SMALLER', Metadata }))
    await expect(rcloneTold('check', files(), 'S3:encrypted/backup3/a')).rejects.toThrow('sizes differ')
  })
})
