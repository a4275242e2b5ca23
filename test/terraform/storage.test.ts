import { join } from 'node:path'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { execa } from 'execa'
import { bootstrapAws } from '../../lab/aws/bootstrap.ts'
import { cacheDirectory, repository } from '../../lab/paths.ts'
import { terraformBinary } from '../../lab/terraform/terraform-binary.ts'
import type { Keys } from '../lab/aws/support/aws-caller.ts'
import { podCredentials } from '../lab/aws/support/pod-credentials.ts'
import { type StandIn, startStandIn } from '../lab/aws/support/stand-in.ts'
import { provisionEnvironment } from './support/provision-environment.ts'
import { type Configuration, terraformConfiguration } from './support/terraform.ts'

jest.setTimeout(300_000)

const BUCKET = 'test-123456789012'

let aws: StandIn
let storage: Configuration

beforeAll(async () => {
  aws = await startStandIn()
  await bootstrapAws(bootstrapOptions(() => {}))
  storage = await terraformConfiguration('storage', aws.directory)
})
afterAll(() => aws.stop())

function bootstrapOptions(log: (line: string) => void) {
  const { endpoint, caFile, adminCredentialsFile } = aws
  return { endpoint, caFile, adminCredentialsFile, stateDirectory: join(aws.directory, 'state'), repository, log }
}

test('what an administrator sets up once is not set up again', async () => {
  const lines: string[] = []
  await bootstrapAws(bootstrapOptions((line) => lines.push(line)))
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

describe('a bucket that is to have Object Lock and a key of its own', () => {
  const key = 'arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555'
  const settings = { TF_VAR_object_lock_days: '30', TF_VAR_kms_key_arn: key }
  const apply = async (variables: Record<string, string>) =>
    await storage(['apply', '-input=false', '-auto-approve'], { ...(await provisionEnvironment(aws)), ...variables })
  const changes = async (variables: Record<string, string>) =>
    await storage(['plan', '-input=false'], { ...(await provisionEnvironment(aws)), ...variables })

  // The bucket is there by now, and holds objects.
  beforeAll(async () => {
    expect((await apply(settings)).output).toContain('Apply complete! Resources: 1 added, 2 changed, 0 destroyed.')
  })

  test('has them, and a second run changes nothing', async () => {
    expect(await aws.call('s3', 'get_object_lock_configuration', { Bucket: BUCKET })).toMatchObject({
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } },
      },
    })
    expect(await aws.call('s3', 'get_bucket_encryption', { Bucket: BUCKET })).toMatchObject({
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
            BucketKeyEnabled: true,
          },
        ],
      },
    })
    expect((await changes(settings)).output).toContain('No changes.')
  })

  test('lets pods use that key, and no other', async () => {
    const role = { RoleName: 'eks-s3-test', PolicyName: 'bucket-access' }
    const { PolicyDocument } = await aws.call('iam', 'get_role_policy', role)
    const { Statement } = PolicyDocument as { Statement: { Action: string | string[] }[] }
    const ofKms = Statement.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('kms:')))
    expect(ofKms).toEqual([
      { Sid: 'UseKey', Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: key },
    ])
  })

  test('locks what pods put there; they see it, and can neither hold nor release it', async () => {
    const { keys } = await podCredentials(aws.agent, 's3-test/s3-access')
    const name = { Bucket: BUCKET, Key: 'catalog/x' }
    await aws.call('s3', 'put_object', { ...name, Body: '{}' }, keys)
    expect(await aws.call('s3', 'head_object', name, keys)).toMatchObject({
      ObjectLockMode: 'GOVERNANCE',
      ObjectLockRetainUntilDate: expect.any(String),
    })
    const refused = { name: 'AccessDenied' }
    const hold = { ...name, LegalHold: { Status: 'ON' } }
    await expect(aws.call('s3', 'put_object_legal_hold', hold, keys)).rejects.toMatchObject(refused)
    const Retention = { Mode: 'GOVERNANCE', RetainUntilDate: '2020-01-01T00:00:00Z' }
    await expect(aws.call('s3', 'put_object_retention', { ...name, Retention }, keys)).rejects.toMatchObject(refused)
  })

  test('may be had without them again', async () => {
    expect((await apply({})).output).toContain('Apply complete! Resources: 0 added, 2 changed, 1 destroyed.')
    expect((await changes({})).output).toContain('No changes.')
    const lock = await aws.call('s3', 'get_object_lock_configuration', { Bucket: BUCKET })
    expect(lock).not.toHaveProperty('ObjectLockConfiguration.Rule')
  })
})

describe('what Terraform refuses before it does anything', () => {
  test('to destroy the bucket', async () => {
    const destroyed = await storage(['destroy', '-auto-approve'], await provisionEnvironment(aws))
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
