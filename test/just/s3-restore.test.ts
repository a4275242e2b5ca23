import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { repository } from '../docs/support/documentation.ts'

/** Programs in the place of kubectl, which says what the book in MySQL says, of just, which says what it is asked for, and of aws. */
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-just-'))
  await writeProgram('kubectl', '#!/bin/sh\nif [ "$BOOK" = "" ]; then exit 1; fi\nprintf "$BOOK"\n')
  await writeProgram('aws', '#!/bin/sh\necho 999999999999\n')
  await writeProgram('just', '#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done\n')
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function writeProgram(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text)
  await chmod(join(folder, name), 0o755)
}

/** @param book lines of the names of schemas and what they are for; empty where MySQL does not answer */
async function restore(book: string, ...args: string[]) {
  const env = {
    BOOK: book,
    SCHEMA: 'shop',
    HOLDFAST_CLUSTER: 'lab',
    HOLDFAST_LAB_VARIABLES: 'KUBECONFIG',
    JUST_PROGRAM: join(folder, 'just'),
    PATH: `${folder}:${process.env.PATH}`,
  }
  return await execa(join(repository, 'scripts/s3-restore.sh'), args, { env, reject: false, lines: true })
}

const RESTORE = ['_with-worker', 'backups', 'restore', '--namespace', 's3-test', '--schema', 'shop=shop_restored']

describe('just s3-restore', () => {
  test.each([
    ['MySQL does not answer', ''],
    ['the name is free', 'sbtest_restored\\trestored\\nshop\\tsample\\n'],
  ])('restores beside what is there where %s', async (_, book) => {
    expect(await restore(book)).toMatchObject({ exitCode: 0, stdout: RESTORE, stderr: [] })
  })

  test('exchanges what a pipeline has restored for its proof, and says so', async () => {
    const { stdout, stderr } = await restore('shop_restored\\trestored\\n', '--threads', '8')
    expect(stdout).toEqual([...RESTORE, '--threads', '8', '--overwrite'])
    expect(stderr.join(' ')).toContain('shop_restored holds what a pipeline has restored to prove a backup')
  })

  test('leaves alone what was restored for use, unless it is told to exchange it', async () => {
    const book = 'shop_restored\\trecovered\\n'
    const { exitCode, stdout, stderr } = await restore(book)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: [] })
    expect(stderr.join(' ')).toContain('just s3-restore --overwrite')
    expect(await restore(book, '--overwrite')).toMatchObject({ exitCode: 0, stdout: [...RESTORE, '--overwrite'] })
  })
})

test.each(['s3-restore.sh', 'account.sh'])(
  '%s refuses while the lab is down: another cluster might answer',
  async (script) => {
    const PATH = `${folder}:${process.env.PATH}`
    const env = { SCHEMA: 'shop', HOLDFAST_CLUSTER: 'lab', JUST_PROGRAM: join(folder, 'just'), PATH }
    const options = { env, extendEnv: false, reject: false } as const
    expect(await execa(join(repository, 'scripts', script), [], options)).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('The lab is not up'),
    })
  },
)
