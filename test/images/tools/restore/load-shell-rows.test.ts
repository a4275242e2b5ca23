import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { z } from 'zod'
import type { DumpFile, DumpManifest } from '../../../../images/tools/dump/dump-manifest.ts'
import { filesInFolder } from '../../../../images/tools/restore/backup-files.ts'
import { loadShellRows, shellFilesOf } from '../../../../images/tools/restore/load-shell-rows.ts'
import { SCRIPT, StandIn } from '../mysqlsh/stand-in/stand-in.ts'

const login = { host: 'db', port: 3306, user: 'holdfast_1a2b', password: 'secret' }
const account = { ...login, tls: { mode: 'REQUIRED' } } as const
let standIn: StandIn
let folder: string

beforeEach(async () => {
  standIn = await StandIn.start()
  folder = join(standIn.folder, 'backup')
  await mkdir(folder)
})
afterEach(async () => await standIn.stop())

function file(path: string, kind: DumpFile['kind'], schema?: string, table?: string): DumpFile {
  const tables = table === undefined ? [] : [table]
  return { path, kind, ...(schema !== undefined && { schema }), tables, bytes: 1, sha256: '0'.repeat(64) }
}

const FILES = [
  file('@.json', 'mysqlsh'),
  file('@.done.json', 'mysqlsh'),
  file('shop.json', 'mysqlsh', 'shop'),
  file('shop@orders@@0.tsv.zst', 'mysqlsh', 'shop', 'orders'),
  file('shop@items@@0.tsv.zst', 'mysqlsh', 'shop', 'items'),
  file('s0-2-snapshot-exact-0000.sql.zst', 'data', 'shop', 'floats'),
  file('archive.json', 'mysqlsh', 'archive'),
  file('archive@old@@0.tsv.zst', 'mysqlsh', 'archive', 'old'),
]

function manifest(files: readonly DumpFile[] = FILES): Pick<DumpManifest, 'files'> {
  return { files: [...files] }
}

async function load(files: readonly DumpFile[], tables?: readonly string[]): Promise<void> {
  for (const { path } of files) await writeFile(join(folder, path), '')
  const rows = { account, manifest: manifest(files), files: filesInFolder(folder), from: 'shop', to: 'shop_restored' }
  await loadShellRows({ ...rows, ...(tables && { tables }), threads: 5, script: SCRIPT }, standIn.context())
}

async function loadCalls() {
  return (await standIn.record()).filter(({ call }) => call === 'load_dump')
}

test('MySQL Shell gets the files of a schema, and those about its whole dump', () => {
  const paths = (schema: string, tables?: readonly string[]) =>
    shellFilesOf(manifest(), schema, tables).map(({ path }) => path)
  const shop = ['@.json', '@.done.json', 'shop.json', 'shop@orders@@0.tsv.zst', 'shop@items@@0.tsv.zst']
  expect(paths('shop')).toEqual(shop)
  expect(paths('shop', ['orders'])).toEqual(shop)
  expect(paths('archive')).toEqual(['@.json', '@.done.json', 'archive.json', 'archive@old@@0.tsv.zst'])
})

test.each([
  ['a schema that it has not dumped', 'other', undefined],
  ['tables that it has not dumped', 'shop', ['floats']],
])('it gets nothing for %s', (_, schema, tables) => {
  expect(shellFilesOf(manifest(), schema, tables)).toEqual([])
})

test('it loads as the account that it is given, into the other schema, and writes nothing among the files', async () => {
  await load(FILES)
  expect((await standIn.record()).find(({ connect }) => connect)).toEqual({
    connect: { scheme: 'mysql', ...login, 'ssl-mode': 'REQUIRED' },
  })
  const [call] = await loadCalls()
  expect(call).toMatchObject({
    arguments: [folder],
    options: { schema: 'shop_restored', includeSchemas: ['shop'], threads: 5 },
  })
  expect(call).toMatchObject({ options: { progressFile: expect.not.stringContaining(folder) } })
  expect(await readdir(folder)).toEqual(FILES.map(({ path }) => path).sort())
})

test('it loads those of the chosen tables that it has dumped', async () => {
  await load(FILES, ['floats', 'orders'])
  expect((await loadCalls())[0]?.options).toMatchObject({ includeTables: ['`shop`.`orders`'] })
})

test('it compares checksums where its dump has them', async () => {
  await load(FILES)
  await load([...FILES, file('@.checksums.json', 'mysqlsh')])
  expect(
    (await loadCalls()).map(
      (call) => z.object({ options: z.object({ checksum: z.boolean().optional() }) }).parse(call).options.checksum,
    ),
  ).toEqual([undefined, true])
})

test('it is not asked where there is nothing for it', async () => {
  await load(FILES.filter(({ kind }) => kind !== 'mysqlsh'))
  await expect(standIn.record()).rejects.toThrow('ENOENT')
})
