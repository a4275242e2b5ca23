import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type RequestOptions, requestOf } from '../../src/cli/backup/request-options.ts'
import type { BackupRequest } from '../../src/domain/backup-request.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-requests-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

/** The request of options of which only these are typed. */
async function request(
  options: Partial<RequestOptions>,
  typed: readonly (keyof RequestOptions)[] = [],
): Promise<BackupRequest> {
  return await requestOf({ namespace: 's3-test', ...options }, (option) => typed.includes(option))
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

describe('a request', () => {
  test('has what the options say, and loads nothing that nobody asked for', async () => {
    const options = { schema: ['shop', 'archive'], staging: 'pod', threads: 8, onFailure: 'ask', whenBusy: 'wait' }
    expect(await request({ ...options, encryption: 'age', engine: 'mysqldump' })).toMatchObject({
      namespace: 's3-test',
      schemas: ['shop', 'archive'],
      sampleData: { kind: 'none' },
      staging: 'pod',
      threads: 8,
      onFailure: 'ask',
      whenBusy: 'wait',
      encryption: 'age',
      engine: 'mysqldump',
    })
  })

  test('of sample data backs those up', async () => {
    expect(await request({ sampleData: 'sysbench' })).toMatchObject({
      sampleData: { kind: 'sysbench', schema: 'sbtest' },
      schemas: ['sbtest'],
    })
  })

  test.each([
    ['request.yaml', 'namespace: shop\nschemas: [shop]\nthreads: 2\nsteps: { dump: { memoryLimit: 2Gi } }\n'],
    ['request.json', '{"namespace":"shop","schemas":["shop"],"threads":2,"steps":{"dump":{"memoryLimit":"2Gi"}}}'],
  ])('is read from %s, and what is typed counts more', async (name, text) => {
    const path = await file(name, text)
    expect(await request({ request: path })).toMatchObject({
      namespace: 'shop',
      schemas: ['shop'],
      threads: 2,
      sampleData: { kind: 'none' },
      steps: { dump: { memoryLimit: '2Gi' } },
    })
    expect(await request({ request: `@${path}` })).toEqual(await request({ request: path }))
    expect(await request({ request: text.startsWith('{') ? text : path })).toEqual(await request({ request: path }))
    expect(await request({ request: path, namespace: 'other', threads: 3 }, ['namespace'])).toMatchObject({
      namespace: 'other',
      schemas: ['shop'],
      threads: 3,
    })
  })
})

describe('is refused, by the field that is wrong', () => {
  test.each([
    [{}, /schemas: without sample data/],
    [{ schema: ['mysql'] }, /schemas\.0: this schema belongs to MySQL/],
    [{ schema: ['shop'], threads: Number('many') }, /threads: /],
    [{ schema: ['shop'], engine: 'mysqlsh', staging: 'stream' }, /staging: MySQL Shell/],
    [{ schema: ['shop'], request: '/nowhere.yaml' }, /--request .*nowhere\.yaml: ENOENT/],
    [{ request: '{"schemas": ["shop"' }, /--request:1: /],
  ])('%j', async (options, said) => {
    await expect(request(options)).rejects.toThrow(said)
  })

  test.each([
    ['a.yaml', 'schemas: [shop\nthreads: 2', /a\.yaml:\d: /],
    ['b.yaml', '- shop', /--request .*b\.yaml: a request is an object/],
    ['c.yaml', 'schemas: [shop]\nthread: 2', /thread/],
  ])('the file %s', async (name, text, said) => {
    await expect(request({ request: await file(name, text) })).rejects.toThrow(said)
  })
})
