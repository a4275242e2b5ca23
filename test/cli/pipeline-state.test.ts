import { expect, test } from '@jest/globals'
import { type PipelineState, stateText } from '../../src/cli/backup/pipeline-state.ts'

const STATE: PipelineState = {
  workflowId: 'nightly',
  runId: 'run',
  type: 'BackupPipeline',
  database: 'shop/shop',
  outcome: 'running',
  startedAt: '2026-01-31T23:59:59.000Z',
  taskQueue: 'holdfast',
  pending: {},
}

test('where no worker answers, it is told what Temporal itself knows', () => {
  const job = {
    jobName: 'hf-dump-1',
    podName: 'hf-dump-1-x',
    namespace: 'shop',
    phase: 'running',
    lastLine: 'at 3 %',
  } as const
  expect(stateText({ ...STATE, pending: { dump: { attempt: 2, job, lastFailure: 'the worker is gone' } } })).toBe(
    [
      'BackupPipeline nightly of shop/shop: running',
      'Started 2026-01-31T23:59:59.000Z',
      'No worker answers on the task queue holdfast: how its steps went cannot be told.',
      'It waits for dump: try 2, Job hf-dump-1, pod hf-dump-1-x; before: the worker is gone; log: at 3 %',
    ].join('\n'),
  )
})

test('of one that failed, it is told why, and what was left at the wish of an operator', () => {
  const details = { undone: [], notUndone: [], kept: ['releaseStaging', 'removeMysql'] } as const
  const failure = { outcome: 'failed', message: 'The step dump failed.', details } as const
  const ended = { ...STATE, outcome: 'failed', endedAt: '2026-02-01T00:09:59.000Z', failure }
  expect(stateText(ended)).toMatch(
    /ended 2026-02-01T00:09:59\.000Z\n.*\nThe step dump failed\.\nTaken back: nothing\. Left as it is, to be looked at: what releaseStaging, removeMysql would take back\.$/,
  )
})
