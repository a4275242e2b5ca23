import { expect, test } from '@jest/globals'
import { backupIdSchema } from '../../src/domain/names.ts'
import { currentDetails } from '../../src/workflows/current-details.ts'

const at = Date.parse('2026-01-31T02:00:00Z')
const backupId = backupIdSchema().parse('20260131T020000Z-1a2b3c4d')

test('the page of a pipeline shows how each step went, in how many tries, and since when one runs', () => {
  const text = currentDetails({
    backupId,
    phase: 'running',
    paused: false,
    steps: [
      {
        name: 'dump',
        state: 'done',
        startedAt: at,
        endedAt: at + 3100,
        attempts: 2,
        jobName: 'hf-dump-2',
        summary: 'a | b',
      },
      { name: 'upload', state: 'running', startedAt: at + 3200 },
      { name: 'copy', state: 'pending' },
    ],
  })
  expect(text.split('\n')).toEqual([
    'Backup `20260131T020000Z-1a2b3c4d`: running',
    '',
    '| step  | state  | seconds  | tries  | what came of it |',
    '|:---|:---|:---|:---|:---|',
    '| dump  | done  | 3.1  | 2  | a \\| b, Job `hf-dump-2` |',
    '| upload  | running since 02:00:03 UTC  |   |   |  |',
    '| copy  | pending  |   |   |  |',
  ])
})

test('it says why a step failed, and what an operator is asked', () => {
  const text = currentDetails({
    phase: 'asking',
    paused: true,
    question: { step: 'dump', why: 'no\nroom', askedAt: at, answerBy: at + 3_600_000 },
    steps: [{ name: 'dump', state: 'failed', startedAt: at, endedAt: at, why: 'no' }],
  })
  expect(text).toContain('No backup found yet: asking, paused before the next step')
  expect(text).toContain('> no\n> room')
  expect(text).toContain('Without an answer by 2026-01-31T03:00:00.000Z')
  expect(text).toContain('| dump  | failed  | 0.0  |   | no |')
})
