import { expect, test } from '@jest/globals'
import { execa } from 'execa'

test.each([
  [['list'], /--bucket/],
  [['show', 'nonsense', '--bucket', 'b'], /a backup id looks like/],
  [['hold', 'nonsense', '--bucket', 'b'], /a backup id looks like/],
  [['delete', '20260131T235959Z-1a2b3c4d', '--bucket', 'b'], /--yes/],
  [['prune', '--bucket', 'b'], /rule: .*would delete all/],
  [['prune', '--bucket', 'b', '--daily', 'many'], /daily/],
  [['prune', '--bucket', 'b', '--daily', '1', '--time-zone', 'Nowhere'], /timeZone/],
])('backups %j is refused, and nothing is asked of S3', async (args, said) => {
  const { exitCode, stderr } = await execa(process.execPath, ['src/cli/main.ts', 'backups', ...args], { reject: false })
  expect(stderr).toMatch(said)
  expect(exitCode).toBe(2)
})
