import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { type CheckName, type DoctorAnswer, doctorAnswerSchema, type Finding } from '../../../../src/domain/doctor.ts'
import { awsEnvironment } from '../../../lab/aws/support/aws-caller.ts'
import { associate, createRole } from '../../../lab/aws/support/roles.ts'
import { type StandIn, startStandIn } from '../../../lab/aws/support/stand-in.ts'
import { provisionBucket } from '../../../support/provision-bucket.ts'

/** The program as it runs in a pod, over a stand-in for AWS of its own. */

const PROGRAM = fileURLToPath(new URL('../../../../images/tools/steps/doctor.ts', import.meta.url))
const TEST_MILLISECONDS = 120_000
const [BUCKET, BARE, STRANGERS] = ['backups', 'bare', 'strangers']
const OBJECTS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket']
const SETTINGS = [
  's3:GetBucketVersioning',
  's3:GetEncryptionConfiguration',
  's3:GetBucketPublicAccessBlock',
  's3:GetLifecycleConfiguration',
]

let aws: StandIn
let folder: string

beforeAll(async () => {
  aws = await startStandIn()
  folder = await mkdtemp(join(tmpdir(), 'holdfast-doctor-'))
  for (const program of ['mysqldump', 'mysql', 'zstd'])
    await makeProgram(program, `echo "${program}  Ver 9.7.4 for Linux"`)
  for (const bucket of [BUCKET, BARE, STRANGERS]) await makeBucket(bucket)
  await provisionBucket((operation, parameters) => aws.call('s3', operation, { Bucket: BUCKET, ...parameters }))
  await makeRole('whole', [...OBJECTS, ...SETTINGS])
  await makeRole(
    'reader',
    [...OBJECTS, ...SETTINGS].filter((action) => action !== 's3:PutObject'),
  )
  await makeRole('older', OBJECTS)
  await makeRole(
    'half',
    OBJECTS.filter((action) => action !== 's3:PutObject'),
  )
  await allow('half', 's3:PutObject', `arn:aws:s3:::${BUCKET}/backup1/*`)
}, TEST_MILLISECONDS)

afterAll(async () => {
  await aws.stop()
  await rm(folder, { recursive: true })
})

async function makeProgram(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, name), 0o755)
}

async function makeBucket(Bucket: string): Promise<void> {
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' }
  await aws.call('s3', 'create_bucket', { Bucket, CreateBucketConfiguration })
}

/** A role for the service account s3-access of a namespace of its name. */
async function makeRole(name: string, actions: string[]): Promise<void> {
  const resources = [BUCKET, BARE].flatMap((bucket) => [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`])
  const role = await createRole(aws, { name, statements: [{ Effect: 'Allow', Action: actions, Resource: resources }] })
  await associate(aws, `${name}/s3-access`, role)
}

/** Gives a role one right more. */
async function allow(RoleName: string, Action: string, Resource: string): Promise<void> {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] }
  const policy = { RoleName, PolicyName: 'more', PolicyDocument: JSON.stringify(document) }
  await aws.call('iam', 'put_role_policy', policy)
}

const AWS_CHECKS: readonly CheckName[] = ['identity', 'bucket', 'bucketSettings']

/** Runs the program in a pod of a namespace; of one that is associated, EKS tells where credentials are. */
async function examine(
  namespace: string,
  checks: readonly CheckName[],
  environment: Readonly<Record<string, string>> = {},
): Promise<DoctorAnswer> {
  const own = await mkdtemp(join(folder, 'pod-'))
  const tokenFile = join(own, 'token')
  await writeFile(tokenFile, `${namespace}/s3-access`)
  const podIdentity = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: aws.agent,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
  }
  const message = join(own, 'message')
  const { exitCode, stdout } = await execa(process.execPath, [PROGRAM], {
    extendEnv: false,
    reject: false,
    env: {
      PATH: [folder, dirname(aws.rclone), dirname(process.execPath), '/bin'].join(delimiter),
      TERMINATION_MESSAGE_PATH: message,
      ...awsEnvironment(aws.endpoint, aws.caFile),
      RCLONE_CONFIG_S3_TYPE: 's3',
      RCLONE_CONFIG_S3_PROVIDER: 'AWS',
      RCLONE_CONFIG_S3_ENV_AUTH: 'true',
      RCLONE_CONFIG_S3_ENDPOINT: aws.endpoint,
      RCLONE_CONFIG_S3_REGION: 'eu-central-1',
      RCLONE_CONFIG_S3_FORCE_PATH_STYLE: 'true',
      RCLONE_CA_CERT: aws.caFile,
      HOME: own,
      CHECKS: JSON.stringify(checks),
      BUCKET,
      MYSQL_PASSWORD_FILE: join(own, 'password'),
      ...(namespace !== '' && podIdentity),
      ...environment,
    },
  })
  if (exitCode !== 0) throw new Error(stdout)
  return doctorAnswerSchema().parse(JSON.parse(await readFile(message, 'utf8')))
}

function wrong({ findings }: DoctorAnswer): Finding[] {
  return findings.filter(({ state }) => state === 'failed')
}

async function keysOf(Bucket: string): Promise<unknown> {
  return (await aws.call('s3', 'list_objects_v2', { Bucket })).KeyCount
}

describe('AWS', () => {
  test(
    'where all is right: who the pod is, what it did, the settings, and S3 has the same time',
    async () => {
      const { findings, clocks } = await examine('whole', AWS_CHECKS)
      expect(findings.map(({ check, state }) => `${check} ${state}`)).toEqual(AWS_CHECKS.map((check) => `${check} ok`))
      expect(findings[0]?.found).toMatch(/^arn:aws:sts::123456789012:assumed-role\/whole\//)
      expect(findings[1]?.found).toBe('listed, put, copied, read and deleted in backups')
      expect(await keysOf(BUCKET)).toBe(0)
      const [s3] = clocks.others
      expect(s3?.whose).toBe('S3')
      expect(Math.max(s3?.least ?? Number.NaN, -(s3?.most ?? Number.NaN))).toBeLessThan(1000)
      expect(Math.abs(clocks.pod - Date.now())).toBeLessThan(10_000)
    },
    TEST_MILLISECONDS,
  )

  test(
    'without a name the bucket is that of the account',
    async () => {
      const answer = await examine('whole', AWS_CHECKS, { BUCKET: '' })
      expect(wrong(answer)).toMatchObject([
        { check: 'bucket', found: expect.stringContaining('test-123456789012'), remedy: expect.any(String) },
      ])
    },
    TEST_MILLISECONDS,
  )

  test.each<[string, string, Readonly<Record<string, string>>, CheckName, RegExp, RegExp]>([
    ['no association', '', {}, 'identity', /no Pod Identity association/, /TF_VAR_namespaces/],
    ['an agent that gives none', 'nobody', {}, 'identity', /CredentialsProviderError/, /Pod Identity association/],
    [
      "a stranger's bucket",
      'whole',
      { BUCKET: STRANGERS },
      'bucket',
      /^Listing strangers failed: AccessDenied/,
      /role/,
    ],
    ['no bucket', 'whole', { BUCKET: 'nowhere' }, 'bucket', /NoSuchBucket|AccessDenied/, /./],
    ['a role that may only read', 'reader', {}, 'bucket', /^Putting backup1\/doctor\/\S+ into backups failed/, /role/],
    ['a role that may not copy', 'half', {}, 'bucket', /^Copying S3:backups\/backup1\S+ to .* failed: /, /role/],
    ['a bucket that nobody provisioned', 'whole', { BUCKET: BARE }, 'bucketSettings', /versioning is off/, /provision/],
    ['a role of before', 'older', {}, 'bucketSettings', /may not read the \w+/, /provision step/],
  ])(
    '%s is found, and nothing else',
    async (_, namespace, environment, check, found, remedy) => {
      const answer = await examine(namespace, AWS_CHECKS, environment)
      expect(wrong(answer)).toEqual([
        { check, state: 'failed', found: expect.stringMatching(found), remedy: expect.stringMatching(remedy) },
      ])
      expect(await keysOf(environment.BUCKET === STRANGERS ? STRANGERS : BUCKET)).toBe(0)
    },
    TEST_MILLISECONDS,
  )

  test(
    'versioning that was suspended is found, and nothing else',
    async () => {
      const suspend = (Status: string) =>
        aws.call('s3', 'put_bucket_versioning', { Bucket: BUCKET, VersioningConfiguration: { Status } })
      await suspend('Suspended')
      const answer = await examine('whole', AWS_CHECKS).finally(() => suspend('Enabled'))
      expect(wrong(answer)).toMatchObject([
        {
          check: 'bucketSettings',
          found:
            'backups is not as terraform/storage sets it: versioning is Suspended: what is overwritten or deleted is gone.',
        },
      ])
    },
    TEST_MILLISECONDS,
  )
})

describe('the image', () => {
  test(
    'has the programs of its engine, each of which runs',
    async () => {
      const { findings } = await examine('', ['image'])
      expect(findings).toEqual([
        {
          check: 'image',
          state: 'ok',
          found: expect.stringMatching(/^mysqldump 9\.7\.4, mysql 9\.7\.4, zstd 9\.7\.4, rclone 1\.\d+/),
        },
      ])
    },
    TEST_MILLISECONDS,
  )

  test(
    'that lacks one is told so',
    async () => {
      expect(wrong(await examine('', ['image'], { ENGINE: 'mysqlsh' }))).toMatchObject([
        {
          found: expect.stringMatching(/^mysqlsh does not run .*ENOENT/),
          remedy: expect.stringContaining('HOLDFAST_MYSQLSH_IMAGE'),
        },
      ])
    },
    TEST_MILLISECONDS,
  )
})

describe('MySQL', () => {
  const own = ['mysql', 'privileges'] as const

  test(
    'of the namespace may be yet to be made; one that is named may not',
    async () => {
      expect((await examine('', own)).findings).toMatchObject([
        { check: 'mysql', state: 'skipped', found: expect.stringContaining('the first pipeline') },
        { check: 'privileges', state: 'skipped' },
      ])
      expect(wrong(await examine('', own, { MYSQL: 'named' }))).toMatchObject([
        { check: 'mysql', remedy: expect.stringContaining('Secret') },
      ])
    },
    TEST_MILLISECONDS,
  )

  test(
    'that cannot be reached is told so',
    async () => {
      const file = join(folder, 'password')
      await writeFile(file, 'secret')
      const server = { MYSQL_PASSWORD_FILE: file, MYSQL_HOST: '127.0.0.1', MYSQL_PORT: '2' }
      expect(wrong(await examine('', own, server))).toMatchObject([
        { check: 'mysql', found: expect.stringContaining('MySQL at 127.0.0.1:2 cannot be reached') },
      ])
    },
    TEST_MILLISECONDS,
  )
})

describe('a volume', () => {
  test(
    'that a dump fits into is all right, and nothing stays on it',
    async () => {
      const volume = await mkdtemp(join(folder, 'volume-'))
      const { findings } = await examine('', ['volume'], { BACKUP_DIRECTORY: volume, DATABASE_BYTES: '5000' })
      expect(findings).toMatchObject([
        { state: 'ok', found: expect.stringMatching(/ free, for a dump of 5 kB at most$/) },
      ])
      const { stdout } = await execa('ls', ['-A', volume])
      expect(stdout).toBe('')
    },
    TEST_MILLISECONDS,
  )

  test.each([
    ['too small', { DATABASE_BYTES: String(10 ** 15) }, /^The dump may need 1 PB, and .* free/],
    ['not there', { BACKUP_DIRECTORY: '/proc/nowhere' }, /^The volume cannot be written to: ENOENT/],
  ])(
    'that is %s is told so',
    async (_, environment, found) => {
      const answer = await examine('', ['volume'], { BACKUP_DIRECTORY: folder, ...environment })
      expect(wrong(answer)).toMatchObject([{ check: 'volume', found: expect.stringMatching(found) }])
    },
    TEST_MILLISECONDS,
  )
})
