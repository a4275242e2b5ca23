import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { recordText } from '../../src/catalog/record-text.ts'
import { recordLines } from '../../src/cli/backups/show.ts'
import { backupRecordSchema } from '../../src/domain/backup-record.ts'
import { recordBody } from '../catalog/support/record-body.ts'

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

test('of a backup that is encrypted its record says so, and of others nothing', () => {
  const [plain, encrypted] = [recordBody, { ...recordBody, encryption: 'age' as const }].map((body) =>
    recordLines(backupRecordSchema().parse(JSON.parse(recordText(body)))).join('\n'),
  )
  expect(plain).not.toMatch(/encrypted/)
  expect(encrypted).toMatch(/1 objects, .*, encrypted by age$/)
})
