import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import {
  type DumpManifest,
  MANIFEST_FILE,
  parseManifest,
  readWholeDump,
} from '../../../../images/tools/dump/dump-manifest.ts'

const CONTENT = 'INSERT INTO t VALUES (1);'
const FILE = 's0-2-data-000.sql.zst'
const manifest: DumpManifest = {
  version: 1,
  backupId: '20260131T235959Z-1a2b3c4d',
  engine: { name: 'mysqldump', version: '9.7' },
  server: { version: '9.7', settings: { sql_mode: '' }, gtidExecuted: '', binaryLog: null },
  withoutSnapshots: { tables: [], lockedMilliseconds: 0 },
  lockedMilliseconds: 12.5,
  schemas: { shop: { characterSet: 'utf8mb4', collation: 'utf8mb4_bin', tables: 1, rows: 1 } },
  files: [
    {
      path: FILE,
      kind: 'data',
      schema: 'shop',
      tables: ['t'],
      bytes: CONTENT.length,
      sha256: createHash('sha256').update(CONTENT).digest('hex'),
    },
  ],
}
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'))
  await writeFile(join(folder, FILE), CONTENT)
  await writeFile(join(folder, MANIFEST_FILE), JSON.stringify(manifest))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

test('a folder whose files are as its manifest says is a dump', async () => {
  expect(await readWholeDump(folder)).toEqual(manifest)
})

test('a manifest says how its files are encrypted', () => {
  const parsed = parseManifest(JSON.stringify({ ...manifest, encryption: 'age' }))
  expect(parsed).toMatchObject({ encryption: 'age' })
  expect(parseManifest(JSON.stringify({ ...manifest, encryption: 'rot13' }))).toMatch(/encryption/)
})

test('a folder without a manifest is none', async () => {
  await rm(join(folder, MANIFEST_FILE))
  expect(await readWholeDump(folder)).toBe('There is no manifest.json.')
})

test.each([
  ['is missing', (path: string) => rm(path)],
  ['has 24 bytes', (path: string) => writeFile(path, CONTENT.slice(1))],
  ['another SHA-256', (path: string) => writeFile(path, CONTENT.replace('1', '2'))],
])('a file that %s is told', async (why, spoil) => {
  await spoil(join(folder, FILE))
  expect(await readWholeDump(folder)).toMatch(new RegExp(`^${FILE} .*${why}|^${FILE} has ${why}`))
})

test("files of MySQL Shell's are files of a dump", () => {
  const files = [{ ...manifest.files[0], path: 'shop@gr\u00f6\u00dfe%201@@0.tsv.zst.idx', kind: 'mysqlsh' }]
  const engine = { name: 'mysqlsh', version: '9.7' }
  expect(parseManifest(JSON.stringify({ ...manifest, engine, files }))).toMatchObject({ engine, files })
})

test.each(['../../etc/passwd', '.hidden', 'a/b', ''])('a path that leads out of the folder is refused: %j', (path) => {
  const files = [{ ...manifest.files[0], path }]
  expect(parseManifest(JSON.stringify({ ...manifest, files }))).toMatch(/path/)
})
