import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { UNPROVEN_QUERY } from '../../../src/domain/database-proof.ts'
import { SEARCH_ATTRIBUTE_TYPES } from '../../../src/domain/search-attributes.ts'

const page = await readFile('docs/schedules.md', 'utf8')

test('the saved query of the documentation is the one that is tested', () => {
  expect(page).toContain(`\n${UNPROVEN_QUERY}\n`)
})

test('the documentation names every search attribute with its type', () => {
  const rows = [...page.matchAll(/^\| `(Holdfast\w+)` \| (\w+) \|/gm)].map(([, name, type]) => [name, type])
  expect(Object.fromEntries(rows)).toEqual(SEARCH_ATTRIBUTE_TYPES)
})

test.each([
  [['create', 'backup', 'x', '--at', '02:00'], /Say what is to be backed up: --schema shop/],
  [['create', 'backup', 'x', '--at', '02:00', '--schema', 'mysql'], /schemas\.0: this schema belongs to MySQL/],
  [['create', 'backup', 'x', '--at', '02:00', '--cron', '0 2 * * *', '--schema', 'shop'], /cannot be used with option/],
  [['create', 'prune', 'x', '--at', '02:00', '--bucket', 'test-1'], /rule: a rule that keeps nothing would delete all/],
  [['create', 'drill', 'x', '--at', '02:00', '--bucket', 'test-1', '--storage', 'much'], /storage: /],
  [['backfill', 'x', '--from', 'yesterday', '--to', 'today'], /--from: "yesterday" is no time/],
  [['delete', 'x'], /Say --yes to do it/],
])('schedule %j is refused, and Temporal is asked for nothing', async (args, said) => {
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:2' }
  const command = ['src/cli/main.ts', 'schedule', ...args]
  const { exitCode, stderr, stdout } = await execa(process.execPath, command, { reject: false, env })
  expect(stderr).toMatch(said)
  expect(stdout).toBe('')
  expect(exitCode).toBe(2)
})
