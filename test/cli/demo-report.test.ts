import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { failureDocument, resultDocument, resultTables } from '../../src/cli/demo-report.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { backupIdOf } from '../../src/domain/names.ts'

const backupId = backupIdOf(new Date('2026-01-31T23:59:59Z'), '1a2b3c4d-0000-0000-0000-000000000000')
const steps = [{ name: 'dump', seconds: 1.25, jobName: 'hf-dump-1', attempts: 2 }] as const
const result: BackupResult = {
  outcome: 'proven',
  backupId,
  bucket: 'test-123456789012',
  steps,
  tables: [
    { name: 'equal', sourceRows: 7, restoredRows: 7, checksumEqual: true },
    { name: 'lost', sourceRows: 7, restoredRows: null, checksumEqual: false },
  ],
  tableCount: 5,
  objectCount: 2,
  copies: [{ prefix: `backup1/${backupId}/`, objects: 3, bytes: 35_784_085 }],
  copyTransferredBytes: 0,
  lockedMilliseconds: 34.4,
  withoutSnapshots: { tables: 1, lockedMilliseconds: 103.6 },
  storageChanged: true,
}

describe('resultDocument', () => {
  test('has what scripts rely on', () => {
    expect(resultDocument('demo', 'run', result)).toEqual({
      workflowId: 'demo',
      runId: 'run',
      outcome: 'proven',
      proven: true,
      backupId,
      bucket: 'test-123456789012',
      steps,
      tables: result.tables,
      tableCount: 5,
      objectCount: 2,
      copies: result.copies,
    })
  })
})

describe('failureDocument', () => {
  test('says which step failed and what was taken back', () => {
    const details = { backupId, failedStep: 'upload', steps, undone: ['releaseStaging'], notUndone: [] } as const
    expect(failureDocument('demo', 'run', { outcome: 'failed', message: 'S3 refused', details })).toMatchObject({
      outcome: 'failed',
      proven: false,
      failedStep: 'upload',
      message: 'S3 refused',
      steps,
      undone: ['releaseStaging'],
    })
  })

  test('is whole where the pipeline left no details', () => {
    expect(
      failureDocument('demo', 'run', { outcome: 'failed', message: 'terminated', details: undefined }),
    ).toMatchObject({
      proven: false,
      steps: [],
      tables: [],
      copies: [],
    })
  })
})

describe('resultTables', () => {
  const lines = stripVTControlCharacters(resultTables(result)).split('\n')
  const cellsOf = (name: string) =>
    lines
      .find((line) => line.includes(` ${name} `))
      ?.split('│')
      .map((cell) => cell.trim())
      .filter((cell) => cell !== '')

  test('tells a table that came back from one that did not', () => {
    expect(cellsOf('equal')).toEqual(['equal', '7', '7', 'equal'])
    expect(cellsOf('lost')).toEqual(['lost', '7', 'missing', 'DIFFERS'])
  })

  test('has copies and steps, and counts the tables that there was no room for, and other objects', () => {
    expect(cellsOf(`backup1/${backupId}/`)).toEqual([`backup1/${backupId}/`, '3', '35.8 MB'])
    expect(cellsOf('dump')).toEqual(['dump', '1.3', '2', 'hf-dump-1'])
    expect(lines).toContain('and 3 more tables, equal too')
    expect(lines).toContain('Tables that are not transactional: 1. Writes to them stood still for 104 ms.')
    expect(lines).toContain('and views, routines, triggers, events: 2, equal too')
  })
})
