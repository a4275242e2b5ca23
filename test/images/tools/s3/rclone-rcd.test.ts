import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { Children } from '../../../../images/tools/job/children.ts'
import { withRcloneRcd } from '../../../../images/tools/s3/rclone-rcd.ts'
import { rcloneEnvironment } from '../../../lab/aws/support/rclone-environment.ts'
import { associate, createRole } from '../../../lab/aws/support/roles.ts'
import { type StandIn, startStandIn } from '../../../lab/aws/support/stand-in.ts'
import { startBreakingProxy } from '../../../support/breaking-proxy.ts'

jest.setTimeout(180_000)

const LARGE_BYTES = 12 * 1024 * 1024
const BACKUP1 = 'S3:backups/backup1/a/'
const DENIED = 'S3:backups/elsewhere/'

let aws: StandIn
let folder: string

beforeAll(async () => {
  aws = await startStandIn()
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' as const }
  await aws.s3(aws.admin).send(new CreateBucketCommand({ Bucket: 'backups', CreateBucketConfiguration }))
  const role = await createRole(aws, {
    name: 'backups',
    statements: [
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::backups' },
      { Effect: 'Allow', Action: 's3:*Object', Resource: 'arn:aws:s3:::backups/backup1/*' },
    ],
  })
  await associate(aws, 's3-test/s3-access', role)
  Object.assign(process.env, await rcloneEnvironment(aws, 's3-test/s3-access'), {
    PATH: `${dirname(aws.rclone)}${delimiter}${process.env.PATH}`,
  })
  folder = join(aws.directory, 'dump')
  await mkdir(folder)
  await writeFile(join(folder, 'small'), 'small')
  await writeFile(join(folder, 'large'), randomBytes(LARGE_BYTES))
})
afterAll(() => aws.stop())

test('uploads file by file, in parts as well, and counts the bytes of all', async () => {
  const bytes = await withRcloneRcd(new Children(), async (rclone) => {
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
    await withRcloneRcd(new Children(), async (rclone) => await rclone.upload(folder, `${BACKUP1}${how}/`, 'large'))
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

test('names the file that S3 does not take, and goes on with others', async () => {
  await withRcloneRcd(new Children(), async (rclone) => {
    await expect(rclone.upload(folder, DENIED, 'small')).rejects.toMatchObject({
      type: 'AccessDenied',
      message: expect.stringMatching(/^Copying small of .*dump to S3:backups\/elsewhere\/ failed: .*403/),
    })
    await rclone.upload(folder, BACKUP1, 'small')
  })
})

test('says that a file is not there', async () => {
  await withRcloneRcd(new Children(), async (rclone) => {
    await expect(rclone.upload(folder, BACKUP1, 'gone')).rejects.toMatchObject({
      type: 'S3Failed',
      message: expect.stringContaining('object not found'),
    })
  })
})

test('fails where rclone ends before the work is done', async () => {
  const children = new Children()
  const work = withRcloneRcd(children, async () => {
    await children.stopAll(5)
    await new Promise(() => {})
  })
  await expect(work).rejects.toThrow(/rclone was ended by SIGTERM|rclone ended with exit code/)
})

test('fails where there is no rclone', async () => {
  const { PATH } = process.env
  process.env.PATH = aws.directory
  try {
    await expect(withRcloneRcd(new Children(), async () => {})).rejects.toThrow('rclone could not be started')
  } finally {
    process.env.PATH = PATH
  }
})
