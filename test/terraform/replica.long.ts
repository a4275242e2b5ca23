import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { readAdminCredentials } from '../../lab/aws/stand-in-client.ts'
import { awsEnvironment } from '../lab/aws/support/aws-caller.ts'
import { podCredentials } from '../lab/aws/support/pod-credentials.ts'
import { type StandIn, startStandIn } from '../lab/aws/support/stand-in.ts'
import { provisionEnvironment } from './support/provision-environment.ts'
import { type Configuration, terraformConfiguration } from './support/terraform.ts'

jest.setTimeout(300_000)

const BUCKET = 'test-123456789012'
const REPLICA = 'test-123456789012-replica'
const REPLICATION_ROLE = 'arn:aws:iam::123456789012:role/holdfast-replication'
const OF_REPLICA = {
  TF_VAR_region: 'eu-west-1',
  TF_VAR_source_bucket_arn: `arn:aws:s3:::${BUCKET}`,
  TF_VAR_bucket_name: REPLICA,
  TF_VAR_object_lock_days: '30',
  TF_VAR_keep_days: '365',
  TF_VAR_s3_use_path_style: 'true',
}
const OF_STORAGE = {
  TF_VAR_replica_bucket_arn: `arn:aws:s3:::${REPLICA}`,
  TF_VAR_replication_role_arn: REPLICATION_ROLE,
  TF_VAR_cheaper_storage_days: '0',
  TF_VAR_hidden_version_days: '7',
}
const APPLY = ['apply', '-input=false', '-auto-approve']

let aws: StandIn
let storage: Configuration

beforeAll(async () => {
  aws = await startStandIn()
  const configuration = (name: string) => terraformConfiguration(name, aws.directory)
  const all = await Promise.all([configuration('bootstrap'), configuration('replica'), configuration('storage')])
  const [bootstrap, replica] = all
  storage = all[2]
  const administrator = await administratorEnvironment()
  const [told, applied] = await Promise.all([
    bootstrap(APPLY, { ...administrator, TF_VAR_replication_role_arn: REPLICATION_ROLE }),
    replica(APPLY, { ...administrator, ...OF_REPLICA }),
  ])
  expect(told.output).toContain('Apply complete! Resources: 6 added, 0 changed, 0 destroyed.')
  expect(applied.output).toContain('Apply complete! Resources: 8 added, 0 changed, 0 destroyed.')
  expect(applied.output).toContain(REPLICATION_ROLE)
})
afterAll(() => aws.stop())

async function administratorEnvironment(): Promise<Record<string, string>> {
  const { accessKeyId, secretAccessKey } = await readAdminCredentials(aws.adminCredentialsFile)
  const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  return { ...awsEnvironment(aws.endpoint, aws.caFile), ...keys, TF_VAR_cluster_name: 'holdfast-lab' }
}

describe('a second copy in another region', () => {
  beforeAll(async () => {
    const applied = await storage(APPLY, { ...(await provisionEnvironment(aws)), ...OF_STORAGE })
    expect(applied.output).toContain('Apply complete! Resources: 9 added, 0 changed, 0 destroyed.')
  })

  test('is in that region, versioned, locked, closed to the public, and kept for as long as was said', async () => {
    const of = (operation: string) => aws.call('s3', operation, { Bucket: REPLICA })
    expect(await of('get_bucket_location')).toMatchObject({ LocationConstraint: 'eu-west-1' })
    expect(await of('get_bucket_versioning')).toMatchObject({ Status: 'Enabled' })
    expect(await of('get_object_lock_configuration')).toMatchObject({
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } } },
    })
    expect(await of('get_public_access_block')).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
    })
    expect(await of('get_bucket_lifecycle_configuration')).toMatchObject({
      Rules: [{ Status: 'Enabled', Expiration: { Days: 365 } }],
    })
  })

  test('is written by a role that S3 alone can take, and that deletes nothing', async () => {
    const { Role } = await aws.call('iam', 'get_role', { RoleName: 'holdfast-replication' })
    expect(Role).toMatchObject({
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 's3.amazonaws.com' } }] },
    })
    const role = { RoleName: 'holdfast-replication', PolicyName: 'replication' }
    const { PolicyDocument } = await aws.call('iam', 'get_role_policy', role)
    expect(JSON.stringify(PolicyDocument)).not.toMatch(/Delete|\*"?:\*|s3:\*/)
  })

  test('is set up by the provision role, and a second run changes nothing', async () => {
    const again = await storage(['plan', '-input=false'], { ...(await provisionEnvironment(aws)), ...OF_STORAGE })
    expect(again.output).toContain('No changes.')
  })

  test('is of everything but deletions', async () => {
    expect(await aws.call('s3', 'get_bucket_replication', { Bucket: BUCKET })).toMatchObject({
      ReplicationConfiguration: {
        Role: REPLICATION_ROLE,
        Rules: [
          {
            Status: 'Enabled',
            DeleteMarkerReplication: { Status: 'Disabled' },
            Destination: { Bucket: `arn:aws:s3:::${REPLICA}`, StorageClass: 'GLACIER_IR' },
          },
        ],
      },
    })
  })

  test('goes with cheaper storage for data alone, and an end of what deletions have hidden', async () => {
    const { Rules } = await aws.call('s3', 'get_bucket_lifecycle_configuration', { Bucket: BUCKET })
    const moved = { Status: 'Enabled', Transitions: [{ Days: 0, StorageClass: 'GLACIER_IR' }] }
    expect(Rules).toEqual([
      expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
      expect.objectContaining({ ...moved, Filter: { Prefix: 'backup1/' } }),
      expect.objectContaining({ ...moved, Filter: { Prefix: 'backup2/' } }),
      expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 7 } }),
    ])
  })

  test.each(['holdfast/holdfast-provision', 's3-test/s3-access', 'holdfast/holdfast-worker'])(
    'cannot be reached by %s',
    async (name) => {
      const { keys } = await podCredentials(aws.agent, name)
      const refused = { name: 'AccessDenied' }
      const object = { Bucket: REPLICA, Key: 'catalog/x' }
      await expect(aws.call('s3', 'put_object', object, keys)).rejects.toMatchObject(refused)
      await expect(aws.call('s3', 'delete_object', object, keys)).rejects.toMatchObject(refused)
      await expect(aws.call('s3', 'list_objects_v2', { Bucket: REPLICA }, keys)).rejects.toMatchObject(refused)
    },
  )
})
