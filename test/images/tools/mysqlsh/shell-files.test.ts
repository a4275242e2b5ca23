import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { dumpManifestSchema } from '../../../../images/tools/dump/dump-manifest.ts'
import { runShell } from '../../../../images/tools/mysqlsh/run-shell.ts'
import { dumpCall } from '../../../../images/tools/mysqlsh/shell-calls.ts'
import {
  adoptShellFiles,
  contentsOf,
  folderBytes,
  readShellDump,
} from '../../../../images/tools/mysqlsh/shell-files.ts'
import { SCRIPT, StandIn } from './stand-in/stand-in.ts'

const account = { host: 'db', port: 3306, user: 'root', password: 'secret', tls: { mode: 'REQUIRED' } } as const
let standIn: StandIn
let from: string
let to: string

beforeEach(async () => {
  standIn = await StandIn.start()
  to = join(standIn.folder, 'backup')
  from = join(to, 'mysqlsh')
  await mkdir(to)
})
afterEach(async () => await standIn.stop())

async function dump(tables: Readonly<Record<string, readonly string[]>>): Promise<void> {
  process.env.STAND_IN_TABLES = JSON.stringify(tables)
  const all = Object.entries(tables).flatMap(([schema, names]) => names.map((name) => ({ schema, name })))
  const call = dumpCall(from, all, [], 2)
  await runShell(account, { call, statements: [], script: SCRIPT }, standIn.context())
}

async function adopt() {
  const { names } = await readShellDump(from)
  return await adoptShellFiles(from, to, names)
}

test("a dump's files become files of the backup, each known by its schema and its table", async () => {
  await dump({ shop: ['orders', 'a.b', 'a'], 'größe 1': ['t@1'] })
  const files = await adopt()
  expect(await readdir(to)).toEqual(files.map(({ path }) => path).sort())
  expect(files.map(({ path, schema, tables }) => [path, schema, tables.join()])).toEqual([
    ['@.checksums.json', undefined, ''],
    ['@.done.json', undefined, ''],
    ['@.json', undefined, ''],
    ['@.post.sql', undefined, ''],
    ['@.sql', undefined, ''],
    ['größe%201.json', 'größe 1', ''],
    ['größe%201@t%401.json', 'größe 1', 't@1'],
    ['größe%201@t%401@@0.tsv.zst', 'größe 1', 't@1'],
    ['größe%201@t%401@@0.tsv.zst.idx', 'größe 1', 't@1'],
    ['shop.json', 'shop', ''],
    ['shop@a.b.json', 'shop', 'a.b'],
    ['shop@a.b@@0.tsv.zst', 'shop', 'a.b'],
    ['shop@a.b@@0.tsv.zst.idx', 'shop', 'a.b'],
    ['shop@a.json', 'shop', 'a'],
    ['shop@a@@0.tsv.zst', 'shop', 'a'],
    ['shop@a@@0.tsv.zst.idx', 'shop', 'a'],
    ['shop@orders.json', 'shop', 'orders'],
    ['shop@orders@@0.tsv.zst', 'shop', 'orders'],
    ['shop@orders@@0.tsv.zst.idx', 'shop', 'orders'],
  ])
  const parsed = dumpManifestSchema.shape.files.safeParse(files)
  expect(parsed.error).toBeUndefined()
})

test.each([['manifest'], ['fingerprint'], ['-x'], ['.x']])(
  'a schema %j, whose file a backup cannot have, is refused before anything is moved',
  async (schema) => {
    await dump({ [schema]: ['t'] })
    await expect(adopt()).rejects.toMatchObject({ type: 'FileNameNotKept', retryable: false })
    expect(await readdir(to)).toEqual(['mysqlsh'])
  },
)

test.each(['@.done.json', '@.json', 'shop.json'])('a dump without %s is not whole', async (name) => {
  await dump({ shop: ['t'] })
  await rm(join(from, name))
  await expect(readShellDump(from)).rejects.toMatchObject({ type: 'ShellDumpNotWhole' })
})

test('it says where in the stream of writes it is', async () => {
  await dump({ shop: ['t'] })
  const metadata = {
    basenames: { shop: 'shop' },
    gtidExecuted: 'a:1-3,\nb:7',
    binlogFile: 'bin.000003',
    binlogPosition: 157,
  }
  await writeFile(join(from, '@.json'), JSON.stringify(metadata))
  expect((await readShellDump(from)).position).toEqual({
    gtidExecuted: 'a:1-3,b:7',
    binaryLog: { file: 'bin.000003', position: 157 },
  })
})

test('names that were cut are told apart by their numbers', () => {
  const names = ['x', 'x1', 'x10'].map((basename) => ({ schema: 's', table: basename, basename: `s@${basename}` }))
  expect(contentsOf('s@x10@0.tsv.zst', names).tables).toEqual(['x10'])
  expect(contentsOf('s@x1@10.tsv.zst', names).tables).toEqual(['x1'])
})

test('what is written so far is measured, and nothing where nothing is yet', async () => {
  expect(await folderBytes(join(to, 'nowhere'))).toBe(0)
  await writeFile(join(to, 'a'), '12345')
  expect(await folderBytes(to)).toBe(5)
})
