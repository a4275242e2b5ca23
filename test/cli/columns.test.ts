import { expect, test } from '@jest/globals'
import { columns } from '../../src/cli/columns.ts'

test('each column is as wide as its longest cell, and nothing stands after the last one', () => {
  const rows = [
    ['backup', 'proven', 'is kept as'],
    ['b', 'yes', ''],
    ['backups', 'no', 'daily'],
  ]
  expect(columns(rows)).toBe('backup   proven  is kept as\nb        yes\nbackups  no      daily')
})
