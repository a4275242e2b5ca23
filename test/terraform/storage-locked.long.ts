import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
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

describe('a bucket that is to have Object Lock and a key of its own', () => {
  const key = 'arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555'
  const settings = { TF_VAR_object_lock_days: '30', TF_VAR_kms_key_arn: key }
  const apply = async (variables: Record<string, string>) =>
    await storage(['apply', '-input=false', '-auto-approve'], { ...(await provisionEnvironment(aws)), ...variables })
  const changes = async (variables: Record<string, string>) =>
    await storage(['plan', '-input=false'], { ...(await provisionEnvironment(aws)), ...variables })

  // Of a bucket that was there without them.
  beforeAll(async () => {
    expect((await apply({})).output).toContain('Apply complete! Resources: 8 added, 0 changed, 0 destroyed.')
    await aws.call('s3', 'put_object', { Bucket: BUCKET, Key: 'catalog/x', Body: '{}' })
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
    const name = { Bucket: BUCKET, Key: 'catalog/y' }
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
