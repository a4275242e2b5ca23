import { join } from 'node:path'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { execa } from 'execa'
import { cacheDirectory, repository } from '../../lab/paths.ts'
import { terraformBinary } from '../../lab/terraform/terraform-binary.ts'
import type { Keys } from '../lab/aws/support/aws-caller.ts'
import { podCredentials } from '../lab/aws/support/pod-credentials.ts'
import { type StandIn, startStandIn } from '../lab/aws/support/stand-in.ts'
import { bootstrap } from './support/bootstrap.ts'
import { provisionEnvironment } from './support/provision-environment.ts'
import { type Configuration, terraformConfiguration } from './support/terraform.ts'

jest.setTimeout(300_000)

const BUCKET = 'test-123456789012'

let aws: StandIn
let storage: Configuration

beforeAll(async () => {
  aws = await startStandIn()
  await bootstrap(aws)
  storage = await terraformConfiguration('storage', aws.directory)
})
afterAll(() => aws.stop())

test('what an administrator sets up once is not set up again', async () => {
  const lines: string[] = []
  await bootstrap(aws, (line) => lines.push(line))
  expect(lines).toEqual([])
})

test('the configurations are formatted', async () => {
  const terraform = await terraformBinary(cacheDirectory(), () => {})
  const result = await execa(terraform, ['fmt', '-check', '-recursive', join(repository, 'terraform')], {
    reject: false,
  })
  expect(result.stdout).toBe('')
})

describe('the provision role', () => {
  let keys: Keys
  const rule = { Status: 'Enabled', Prefix: '', Destination: { Bucket: 'arn:aws:s3:::another' } }
  const Role = 'arn:aws:iam::123456789012:role/holdfast-replication'
  const replication = { Bucket: BUCKET, ReplicationConfiguration: { Role, Rules: [rule] } }

  beforeAll(async () => {
    const applied = await storage(['apply', '-input=false', '-auto-approve'], await provisionEnvironment(aws))
    expect(applied.output).toContain('Apply complete! Resources: 8 added, 0 changed, 0 destroyed.')
    await aws.s3(aws.admin).send(new PutObjectCommand({ Bucket: BUCKET, Key: 'object', Body: 'content' }))
    keys = (await podCredentials(aws.agent, 'holdfast/holdfast-provision')).keys
  })

  test('is enough to set up everything, and a second run changes nothing', async () => {
    const planned = await storage(['plan', '-input=false', '-detailed-exitcode'], await provisionEnvironment(aws))
    expect(planned.output).toContain('No changes.')
    expect(planned.exitCode).toBe(0)
    const outputs = await storage(['output', '-json'])
    const values = Object.entries(JSON.parse(outputs.stdout) as Record<string, { value: unknown }>)
    expect(Object.fromEntries(values.map(([name, { value }]) => [name, value]))).toEqual({
      account_id: '123456789012',
      region: 'eu-central-1',
      bucket: BUCKET,
      bucket_arn: `arn:aws:s3:::${BUCKET}`,
      role_arn: 'arn:aws:iam::123456789012:role/eks-s3-test',
      associations: 's3-test/s3-access veloxpack/s3-access',
    })
  })

  test('the bucket is versioned, closed to the public, encrypted, and aborts uploads that never end', async () => {
    const of = (operation: string) => aws.call('s3', operation, { Bucket: BUCKET })
    expect(await of('get_bucket_versioning')).toMatchObject({ Status: 'Enabled' })
    expect(await of('get_public_access_block')).toEqual({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    })
    expect(await of('get_bucket_encryption')).toMatchObject({
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    })
    expect(await of('get_bucket_lifecycle_configuration')).toMatchObject({
      Rules: [{ Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }],
    })
  })

  test.each([
    ['remove the bucket', 's3', 'delete_bucket', { Bucket: BUCKET }],
    ['see an object', 's3', 'get_object', { Bucket: BUCKET, Key: 'object' }],
    ['remove an object', 's3', 'delete_object', { Bucket: BUCKET, Key: 'object' }],
    ['make another bucket', 's3', 'create_bucket', { Bucket: 'another' }],
    ['have S3 copy the bucket elsewhere', 's3', 'put_bucket_replication', replication],
    ['read its own role', 'iam', 'get_role', { RoleName: 'holdfast-provision' }],
    [
      'give itself more',
      'iam',
      'put_role_policy',
      { RoleName: 'holdfast-provision', PolicyName: 'more', PolicyDocument: '{"Version":"2012-10-17","Statement":[]}' },
    ],
    ['make another role', 'iam', 'create_role', { RoleName: 'another', AssumeRolePolicyDocument: '{}' }],
    ['make a user', 'iam', 'create_user', { UserName: 'another' }],
    [
      'hand its own role to pods',
      'eks',
      'create_pod_identity_association',
      {
        clusterName: 'holdfast-lab',
        namespace: 'default',
        serviceAccount: 'default',
        roleArn: 'arn:aws:iam::123456789012:role/holdfast-provision',
      },
    ],
    ['remove the cluster', 'eks', 'delete_cluster', { name: 'holdfast-lab' }],
  ])('may not %s', async (_, service, operation, parameters) => {
    await expect(aws.call(service, operation, parameters, keys)).rejects.toMatchObject({ name: 'AccessDenied' })
  })
})

describe("the pods' role", () => {
  const removeVersion = { Bucket: BUCKET, Key: 'object', VersionId: 'null' }

  test.each(['s3-test/s3-access', 'veloxpack/s3-access'])('is had by %s, and is enough for a backup', async (name) => {
    const { keys } = await podCredentials(aws.agent, name)
    await aws.call('s3', 'put_object', { Bucket: BUCKET, Key: 'backup1/x' }, keys)
    await aws.call('s3', 'copy_object', { Bucket: BUCKET, Key: 'backup2/x', CopySource: `${BUCKET}/backup1/x` }, keys)
    await aws.call('s3', 'head_object', { Bucket: BUCKET, Key: 'backup2/x' }, keys)
    await aws.call('s3', 'list_objects_v2', { Bucket: BUCKET }, keys)
    await aws.call('s3', 'list_buckets', {}, keys)
    await aws.call('s3', 'delete_object', { Bucket: BUCKET, Key: 'backup2/x' }, keys)
  })

  test.each([
    'get_bucket_versioning',
    'get_public_access_block',
    'get_bucket_encryption',
    'get_bucket_lifecycle_configuration',
  ])('may see whether the bucket is as it was set up: %s', async (operation) => {
    const { keys } = await podCredentials(aws.agent, 's3-test/s3-access')
    const seen = await aws.call('s3', operation, { Bucket: BUCKET }, keys)
    expect(seen).toEqual(await aws.call('s3', operation, { Bucket: BUCKET }))
  })

  test.each([
    ['remove a version of an object', 's3', 'delete_object', removeVersion],
    ['remove the bucket', 's3', 'delete_bucket', { Bucket: BUCKET }],
    [
      'stop versioning',
      's3',
      'put_bucket_versioning',
      { Bucket: BUCKET, VersioningConfiguration: { Status: 'Suspended' } },
    ],
    ['make a bucket', 's3', 'create_bucket', { Bucket: 'another' }],
    ['see roles', 'iam', 'list_roles', {}],
  ])('may not %s', async (_, service, operation, parameters) => {
    const { keys } = await podCredentials(aws.agent, 's3-test/s3-access')
    await expect(aws.call(service, operation, parameters, keys)).rejects.toMatchObject({ name: 'AccessDenied' })
  })
})

describe("the worker's role", () => {
  const record = { Bucket: BUCKET, Key: 'catalog/x/backup.json' }
  const data = { Bucket: BUCKET, Key: 'backup1/x/data' }

  beforeAll(async () => {
    for (const object of [record, data]) await aws.call('s3', 'put_object', { ...object, Body: '{}' })
  })

  test('is enough to find records, and to read them', async () => {
    const { keys } = await podCredentials(aws.agent, 'holdfast/holdfast-worker')
    const { KeyCount } = await aws.call('s3', 'list_objects_v2', { Bucket: BUCKET, Prefix: 'catalog/' }, keys)
    expect(KeyCount).toBe(1)
    await aws.call('s3', 'get_object', record, keys)
  })

  test.each([
    ['read the data of a backup', 's3', 'get_object', data],
    ['write a record', 's3', 'put_object', record],
    ['remove a record', 's3', 'delete_object', record],
    ['see other buckets', 's3', 'list_buckets', {}],
    ['see its own rights', 'iam', 'get_role_policy', { RoleName: 'holdfast-worker', PolicyName: 'read-records' }],
  ])('may not %s', async (_, service, operation, parameters) => {
    const { keys } = await podCredentials(aws.agent, 'holdfast/holdfast-worker')
    await expect(aws.call(service, operation, parameters, keys)).rejects.toMatchObject({ name: 'AccessDenied' })
  })
})

describe('what Terraform refuses before it does anything', () => {
  test('to destroy the bucket', async () => {
    const destroyed = await storage(['destroy', '-refresh=false', '-auto-approve'], await provisionEnvironment(aws))
    expect(destroyed.exitCode).toBe(1)
    expect(destroyed.output).toContain('Instance cannot be destroyed')
  })

  test('what AWS or Kubernetes would refuse', async () => {
    const wrong = {
      cluster_name: 'no cluster',
      bucket_name: 'With.Dots',
      role_name: 'a role',
      service_account: 'S3',
      namespaces: '["s3-test", "Not A Name"]',
      object_lock_days: '0.5',
      object_lock_mode: 'governance',
      kms_key_arn: 'alias/backups',
    }
    const variables = Object.entries(wrong).map(([name, value]) => `-var=${name}=${value}`)
    const planned = await storage(['plan', '-input=false', ...variables], await provisionEnvironment(aws))
    expect(planned.exitCode).toBe(1)
    const refused = planned.output.match(/[a-z_]+(?= must (be|name))/g)
    expect(refused?.sort()).toEqual(Object.keys(wrong).sort())
  })
})
