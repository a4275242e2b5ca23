import { expect, test } from '@jest/globals'
import { dumpCall, loadCall } from '../../../../images/tools/mysqlsh/shell-calls.ts'

const load = {
  folder: '/scratch/b1',
  from: 'shop',
  to: 'shop_restored',
  threads: 4,
  progressFile: '/tmp/x/progress.json',
}

test('rows are dumped, in one snapshot, without definitions, and without tables that are dumped otherwise', () => {
  const tables = [
    { schema: 'shop', name: 'orders' },
    { schema: 'odd `one`', name: 'a.b' },
    { schema: 'shop', name: 'items' },
  ]
  const others = [{ schema: 'odd `one`', name: 'fl`oats' }]
  expect(dumpCall('/backup/b1/mysqlsh', tables, others, 7)).toEqual({
    call: 'dump_schemas',
    arguments: [['shop', 'odd `one`'], '/backup/b1/mysqlsh'],
    options: {
      threads: 7,
      consistent: true,
      dataOnly: true,
      excludeTables: ['`odd ``one```.`fl``oats`'],
      tzUtc: true,
      compression: 'zstd',
      chunking: true,
      bytesPerChunk: '64M',
      showProgress: false,
    },
    optionsWhereKnown: { checksum: true },
  })
})

test('rows are loaded into tables that are there, in a schema of another name', () => {
  expect(loadCall({ ...load, checksum: true })).toEqual({
    call: 'load_dump',
    arguments: ['/scratch/b1'],
    options: {
      schema: 'shop_restored',
      includeSchemas: ['shop'],
      threads: 4,
      loadDdl: false,
      loadData: true,
      loadUsers: false,
      deferTableIndexes: 'off',
      progressFile: '/tmp/x/progress.json',
      resetProgress: true,
      ignoreVersion: false,
      skipBinlog: false,
      analyzeTables: 'off',
      updateGtidSet: 'off',
      showProgress: false,
      checksum: true,
    },
    optionsWhereKnown: {},
  })
})

test('checksums are compared only where the dump has them', () => {
  expect(loadCall({ ...load, checksum: false }).options).not.toHaveProperty('checksum')
})

test('of chosen tables, and of them alone', () => {
  const { options } = loadCall({ ...load, checksum: false, from: 's`1', tables: ['t', 'u.v'] })
  expect(options).toMatchObject({ includeTables: ['`s``1`.`t`', '`s``1`.`u.v`'] })
  expect(options).not.toHaveProperty('includeSchemas')
})

test.each([
  ['shop', 'shop'],
  ['a b.c', 'a b.c'],
  ['`shop`', '```shop```'],
])('the schema %j is chosen as %j', (from, chosen) => {
  expect(loadCall({ ...load, checksum: false, from }).options).toMatchObject({ includeSchemas: [chosen] })
})
