import { describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { drillRequestOf, type RestoreOptions, restoreRequestOf } from '../../src/cli/backups/restore-options.ts'
import { restoreText } from '../../src/cli/restore-report.ts'
import { backupIdSchema } from '../../src/domain/names.ts'

const options: RestoreOptions = {
  bucket: 'test-1',
  namespace: 'shop',
  taskQueue: 'holdfast',
  output: 'table',
  schema: [],
  suffix: '_recovered',
  table: [],
}

describe('the options of a restore', () => {
  test('stand for the latest backup, whole, where nothing else is said', () => {
    expect(restoreRequestOf('latest', options)).toMatchObject({
      bucket: 'test-1',
      namespace: 'shop',
      backup: 'latest',
      copy: 'backup2',
      restoreSuffix: '_recovered',
      tables: {},
    })
  })

  test('name schemas, tables and a server', () => {
    const named = {
      ...options,
      copy: 'backup1',
      schema: ['shop=new=shop', 'archive'],
      suffix: '_2',
      table: ['shop.orders', 'shop.a.b'],
      server: 'db.example.com:3307',
      passwordSecret: 'other',
      sslMode: 'VERIFY_CA',
    }
    expect(restoreRequestOf('20260131T235959Z-1a2b3c4d', named)).toMatchObject({
      backup: '20260131T235959Z-1a2b3c4d',
      copy: 'backup1',
      schemas: { shop: 'new=shop', archive: 'archive_2' },
      tables: { shop: ['orders', 'a.b'] },
      server: {
        host: 'db.example.com',
        port: 3307,
        user: 'root',
        passwordSecret: 'other',
        sslMode: 'VERIFY_CA',
      },
    })
  })

  test('a drill may be given more room', () => {
    expect(drillRequestOf('latest', { ...options, storage: '2Ti' })).toMatchObject({
      storage: '2Ti',
      namespace: 'shop',
    })
  })
})

test.each([
  [['restore'], /--bucket/],
  [['restore', 'newest', '--bucket', 'test-1'], /backup: a backup id looks like/],
  [['restore', '--bucket', 'test-1', '--table', 'orders'], /--table orders: say of which schema/],
  [['restore', '--bucket', 'test-1', '--schema', 'a=mysql'], /schemas\.a: this schema belongs to MySQL/],
  [['restore', '--bucket', 'test-1', '--copy', 'backup3'], /--copy/],
  [['restore', '--bucket', 'test-1', '--overwrite', '--table', 'a.b'], /exchanged as a whole only/],
  [['drill', '--bucket', 'test-1', '--storage', 'much'], /storage: storage is a whole number/],
])('backups %j is refused, and nobody is asked for anything', async (args, said) => {
  const { exitCode, stderr } = await execa(process.execPath, ['src/cli/main.ts', 'backups', ...args], { reject: false })
  expect(stderr).toMatch(said)
  expect(exitCode).toBe(2)
})

test('what came back is told table by table', () => {
  const text = restoreText({
    backupId: backupIdSchema().parse('20260131T235959Z-1a2b3c4d'),
    bucket: 'test-1',
    copy: 'backup2',
    schemas: { shop: 'shop_recovered', archive: 'archive' },
    setAside: { archive: 'archive_old_1a2b3c4d' },
    tables: [{ name: 'shop.orders', sourceRows: 2, restoredRows: 2, checksumEqual: true }],
    tableCount: 3,
    objectCount: 1,
  })
  expect(text).toMatch(/│ shop\.orders │ 2 {4}│ equal {4}│/)
  expect(text).toMatch(/and 2 more tables, equal too\nand views, routines, triggers, events: 1, equal too\n/)
  expect(text).toMatch(/backup2\/20260131T235959Z-1a2b3c4d\/, and equal to .*: shop into shop_recovered, archive\.\n/)
  expect(text).toMatch(/The tables that archive had are in archive_old_1a2b3c4d\./)
})
