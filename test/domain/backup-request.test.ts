import { expect, test } from '@jest/globals'
import { type BackupRequestInput, parseBackupRequest, stepsOf } from '../../src/domain/backup-request.ts'

const BEFORE = ['provision', 'deployMysql', 'loadSampleData']
const AFTER = ['copy', 'restore', 'verify']

test.each<[BackupRequestInput, readonly string[]]>([
  [{}, [...BEFORE, 'dump', 'upload', ...AFTER]],
  [{ staging: 'volume' }, [...BEFORE, 'dump', 'upload', ...AFTER]],
  [{ staging: 'pod' }, [...BEFORE, 'dumpAndUpload', ...AFTER]],
  [{ staging: 'stream' }, [...BEFORE, 'dumpAndUpload', ...AFTER]],
  [{ sampleData: { kind: 'none' }, schemas: ['shop'] }, ['provision', 'deployMysql', 'dump', 'upload', ...AFTER]],
])('the request %j has its own steps', (request, steps) => {
  expect(stepsOf(parseBackupRequest(request))).toEqual(steps)
})
