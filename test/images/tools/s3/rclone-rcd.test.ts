import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals'
import { Children } from '../../../../images/tools/job/children.ts'
import { withRcloneRcd } from '../../../../images/tools/s3/rclone-rcd.ts'
import { podCredentials } from '../../../lab/aws/support/pod-credentials.ts'
import { rcloneEnvironment } from '../../../lab/aws/support/rclone-environment.ts'
import { associate, createRole } from '../../../lab/aws/support/roles.ts'
import { type StandIn, startStandIn } from '../../../lab/aws/support/stand-in.ts'
import { startBreakingProxy } from '../../../support/breaking-proxy.ts'

jest.setTimeout(180_000)

const LARGE_BYTES = 12 * 1024 * 1024
const CREDENTIALS_SECONDS = 4
const STOP_SECONDS = 5
const ACCOUNT = 's3-test/s3-access'
const BACKUP1 = 'S3:backups/backup1/a/'
const DENIED = 'S3:backups/elsewhere/'

let aws: StandIn
let folder: string
let children: Children

beforeAll(async () => {
  aws = await startBackups()
  Object.assign(process.env, await environmentOf(aws))
  folder = join(aws.directory, 'dump')
  await mkdir(folder)
  await writeFile(join(folder, 'small'), 'small')
  await writeFile(join(folder, 'large'), randomBytes(LARGE_BYTES))
})
afterAll(() => aws.stop())
beforeEach(() => {
  children = new Children()
})
// Where the work fails, its rclone ends with the step: here, with the test.
afterEach(() => children.stopAll(STOP_SECONDS))

test('uploads file by file, in parts as well, and counts the bytes of all', async () => {
  const bytes = await withRcloneRcd(children, async (rclone) => {
    await Promise.all(['small', 'large'].map((file) => rclone.upload(folder, BACKUP1, file)))
    return await rclone.readBytes()
  })
  expect(bytes).toBe(LARGE_BYTES + 5)
  const { Contents = [] } = await aws.s3(aws.admin).send(new ListObjectsV2Command({ Bucket: 'backups' }))
  expect(Contents.map(({ Key, Size }) => [Key, Size])).toEqual([
    ['backup1/a/large', LARGE_BYTES],
    ['backup1/a/small', 5],
  ])
})

test.each([
  ['in one piece', '200M'],
  ['in parts', '8M'],
])('sends a file %s once more when the connection breaks in the middle of it', async (how, cutoff) => {
  const proxy = await startBreakingProxy(Number(new URL(aws.endpoint).port), LARGE_BYTES / 4)
  const before = { ...process.env }
  const RCLONE_CONFIG_S3_ENDPOINT = `https://127.0.0.1:${proxy.port}`
  Object.assign(process.env, { RCLONE_CONFIG_S3_ENDPOINT, RCLONE_S3_UPLOAD_CUTOFF: cutoff })
  try {
    await withRcloneRcd(children, async (rclone) => await rclone.upload(folder, `${BACKUP1}${how}/`, 'large'))
  } finally {
    Object.assign(process.env, before)
    proxy.stop()
  }
  expect(proxy.broken()).toBe(1)
  const object = { Bucket: 'backups', Key: `backup1/a/${how}/large` }
  const { Body } = await aws.s3(aws.admin).send(new GetObjectCommand(object))
  const sent = Buffer.from((await Body?.transformToByteArray()) ?? [])
  expect(sent.equals(await readFile(join(folder, 'large')))).toBe(true)
})

test('goes on with new credentials when those that it began with have expired', async () => {
  const backups = await startBackups({ credentialsSeconds: CREDENTIALS_SECONDS })
  const before = { ...process.env }
  try {
    Object.assign(process.env, await environmentOf(backups))
    await withRcloneRcd(children, async (rclone) => {
      await rclone.upload(folder, BACKUP1, 'small')
      // Given out after rclone's: those have ended when these have.
      const { expiration } = await podCredentials(backups.agent, ACCOUNT)
      // The time itself is what is tested. The agent's time is cut to seconds.
      await sleep(expiration.getTime() + 1000 - Date.now())
      await rclone.upload(folder, BACKUP1, 'large')
    })
    const { Contents = [] } = await backups.s3(backups.admin).send(new ListObjectsV2Command({ Bucket: 'backups' }))
    expect(Contents.map(({ Key }) => Key)).toEqual(['backup1/a/large', 'backup1/a/small'])
  } finally {
    Object.assign(process.env, before)
    await backups.stop()
  }
})

test('names the file that S3 does not take, and goes on with others', async () => {
  await withRcloneRcd(children, async (rclone) => {
    await expect(rclone.upload(folder, DENIED, 'small')).rejects.toMatchObject({
      type: 'AccessDenied',
      message: expect.stringMatching(/^Copying small of .*dump to S3:backups\/elsewhere\/ failed: .*403/),
    })
    await rclone.upload(folder, BACKUP1, 'small')
  })
})

test('says that a file is not there', async () => {
  await withRcloneRcd(children, async (rclone) => {
    await expect(rclone.upload(folder, BACKUP1, 'gone')).rejects.toMatchObject({
      type: 'S3Failed',
      message: expect.stringContaining('object not found'),
    })
  })
})

test('fails where rclone ends before the work is done', async () => {
  const work = withRcloneRcd(children, async () => {
    await children.stopAll(STOP_SECONDS)
    await new Promise(() => {})
  })
  await expect(work).rejects.toThrow(/rclone was ended by SIGTERM|rclone ended with exit code/)
})

test('fails where there is no rclone', async () => {
  const { PATH } = process.env
  process.env.PATH = aws.directory
  try {
    await expect(withRcloneRcd(children, async () => {})).rejects.toThrow('rclone could not be started')
  } finally {
    process.env.PATH = PATH
  }
})

/** A stand-in with a bucket, to whose `backup1/` the pods of an account may write. */
async function startBackups(options: Parameters<typeof startStandIn>[0] = {}): Promise<StandIn> {
  const backups = await startStandIn(options)
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' as const }
  await backups.s3(backups.admin).send(new CreateBucketCommand({ Bucket: 'backups', CreateBucketConfiguration }))
  const role = await createRole(backups, {
    name: 'backups',
    statements: [
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::backups' },
      { Effect: 'Allow', Action: 's3:*Object', Resource: 'arn:aws:s3:::backups/backup1/*' },
    ],
  })
  await associate(backups, ACCOUNT, role)
  return backups
}

async function environmentOf(backups: StandIn): Promise<Record<string, string>> {
  const PATH = `${dirname(backups.rclone)}${delimiter}${process.env.PATH}`
  return { ...(await rcloneEnvironment(backups, ACCOUNT)), PATH }
}
