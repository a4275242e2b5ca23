import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Keys } from './support/aws-caller.ts'
import { podCredentials } from './support/pod-credentials.ts'
import { associate, createRole } from './support/roles.ts'
import { type StandIn, startStandIn } from './support/stand-in.ts'

jest.setTimeout(180_000)

describe('S3 asks for the permissions that AWS asks for', () => {
  let aws: StandIn
  let admin: S3Client
  let pod: S3Client
  let podKeys: Keys

  beforeAll(async () => {
    aws = await startStandIn()
    admin = aws.s3(aws.admin)
    for (const Bucket of ['own', 'other']) {
      await admin.send(
        new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
      )
      await admin.send(new PutObjectCommand({ Bucket, Key: 'there', Body: 'content' }))
    }
    const role = await createRole(aws, {
      name: 'own-bucket',
      statements: [
        { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::own' },
        { Effect: 'Allow', Action: ['s3:*Object'], Resource: 'arn:aws:s3:::own/*' },
      ],
    })
    await associate(aws, 'apps/own', role)
    podKeys = (await podCredentials(aws.agent, 'apps/own')).keys
    pod = aws.s3(podKeys)
  })
  afterAll(() => aws.stop())

  test('the bucket of the policy', async () => {
    await pod.send(new HeadBucketCommand({ Bucket: 'own' }))
    await pod.send(new PutObjectCommand({ Bucket: 'own', Key: 'new', Body: 'content' }))
    const listed = await pod.send(new ListObjectsV2Command({ Bucket: 'own' }))
    expect(listed.Contents?.map((object) => object.Key)).toEqual(['new', 'there'])
  })

  test.each([
    ['read', new GetObjectCommand({ Bucket: 'other', Key: 'there' })],
    ['write', new PutObjectCommand({ Bucket: 'other', Key: 'new', Body: 'content' })],
    ['list', new ListObjectsV2Command({ Bucket: 'other' })],
    ['copy out of', new CopyObjectCommand({ Bucket: 'own', Key: 'stolen', CopySource: 'other/there' })],
    ['copy into', new CopyObjectCommand({ Bucket: 'other', Key: 'new', CopySource: 'own/there' })],
  ])('another bucket is not to be touched: %s', async (_, command) => {
    // The union of commands is wider than what send() takes one by one.
    const sent: Promise<unknown> = pod.send(command as GetObjectCommand)
    await expect(sent).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } })
  })

  test('objects that are deleted together are looked at one by one', async () => {
    const Objects = [{ Key: 'there' }]
    const refused = await pod.send(new DeleteObjectsCommand({ Bucket: 'other', Delete: { Objects } }))
    expect(refused.Errors).toMatchObject([{ Key: 'there', Code: 'AccessDenied' }])
    await admin.send(new PutObjectCommand({ Bucket: 'own', Key: 'doomed', Body: 'content' }))
    const deleted = await pod.send(
      new DeleteObjectsCommand({ Bucket: 'own', Delete: { Objects: [{ Key: 'doomed' }] } }),
    )
    expect(deleted.Deleted).toMatchObject([{ Key: 'doomed' }])
  })

  test('the names of buckets are seen with s3:ListAllMyBuckets only', async () => {
    await expect(pod.send(new ListBucketsCommand())).rejects.toMatchObject({ name: 'AccessDenied' })
    const role = await createRole(aws, {
      name: 'names',
      statements: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
    })
    await associate(aws, 'apps/names', role)
    const { keys } = await podCredentials(aws.agent, 'apps/names')
    const listed = await aws.s3(keys).send(new ListBucketsCommand())
    expect(listed.Buckets?.map((bucket) => bucket.Name)).toEqual(['own', 'other'])
  })

  test.each([
    ['an unknown key', { accessKeyId: 'AKIAUNKNOWNUNKNOWN00' }, 'InvalidAccessKeyId'],
    ['a wrong secret', { secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
    ['a wrong session token', { sessionToken: 'wrong' }, 'InvalidToken'],
  ])('%s is refused', async (_, wrong, code) => {
    const client = aws.s3({ ...podKeys, ...wrong })
    await expect(client.send(new ListObjectsV2Command({ Bucket: 'own' }))).rejects.toMatchObject({ name: code })
  })

  test('what locks an object is told to those who have a right to see it, and set by those who may', async () => {
    const name = { Bucket: 'locked', Key: 'held' }
    await admin.send(
      new CreateBucketCommand({
        Bucket: 'locked',
        ObjectLockEnabledForBucket: true,
        CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
      }),
    )
    await admin.send(new PutObjectCommand({ ...name, Body: 'content' }))
    const hold = new PutObjectLegalHoldCommand({ ...name, LegalHold: { Status: 'ON' } })
    const podMay = async (account: string, ...actions: string[]) => {
      const statements = [{ Effect: 'Allow' as const, Action: actions, Resource: 'arn:aws:s3:::locked/*' }]
      await associate(aws, `apps/${account}`, await createRole(aws, { name: account, statements }))
      return aws.s3((await podCredentials(aws.agent, `apps/${account}`)).keys)
    }
    const writer = await podMay('writer', 's3:GetObject', 's3:PutObject')
    const reader = await podMay('reader', 's3:GetObject', 's3:GetObjectLegalHold')
    await expect(writer.send(hold)).rejects.toMatchObject({ name: 'AccessDenied' })
    await admin.send(hold)
    const status = async (client: S3Client) =>
      (await client.send(new HeadObjectCommand(name))).ObjectLockLegalHoldStatus
    expect(await status(writer)).toBeUndefined()
    expect(await status(reader)).toBe('ON')
  })

  test('an object is not put over another with If-None-Match', async () => {
    const put = () => pod.send(new PutObjectCommand({ Bucket: 'own', Key: 'once', Body: 'content', IfNoneMatch: '*' }))
    await put()
    await expect(put()).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } })
  })
})

describe('credentials of pods end', () => {
  let aws: StandIn

  beforeAll(async () => {
    aws = await startStandIn({ credentialsSeconds: 4 })
    const anything = { Effect: 'Allow' as const, Action: '*', Resource: '*' }
    await associate(aws, 'apps/all', await createRole(aws, { name: 'all', statements: [anything] }))
  })
  afterAll(() => aws.stop())

  test('they are good until they expire, and then the agent gives others', async () => {
    const { keys, expiration } = await podCredentials(aws.agent, 'apps/all')
    const list = (with_: Keys) => aws.s3(with_).send(new ListBucketsCommand())
    await list(keys)
    // The time itself is what is tested. The agent's time is cut to seconds.
    await new Promise((resolve) => setTimeout(resolve, expiration.getTime() + 1000 - Date.now()))
    await expect(list(keys)).rejects.toMatchObject({ name: 'ExpiredToken' })
    await expect(aws.call('iam', 'list_roles', {}, keys)).rejects.toMatchObject({ name: 'ExpiredToken' })
    await list((await podCredentials(aws.agent, 'apps/all')).keys)
  })
})
