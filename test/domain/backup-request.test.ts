import { expect, test } from '@jest/globals'
import { type BackupRequestInput, parseBackupRequest, stepsOf } from '../../src/domain/backup-request.ts'

const BEFORE = ['provision', 'deployMysql', 'loadSampleData']
const AFTER = ['copy', 'restore', 'verify']

test('nothing is encrypted unless the request says so', () => {
  expect(parseBackupRequest({}).encryption).toBe('none')
  expect(parseBackupRequest({ encryption: 'age' }).encryption).toBe('age')
  expect(() => parseBackupRequest({ encryption: 'rot13' })).toThrow(/encryption/)
})

test.each<[BackupRequestInput, readonly string[]]>([
  [{}, [...BEFORE, 'dump', 'upload', ...AFTER]],
  [{ staging: 'volume' }, [...BEFORE, 'dump', 'upload', ...AFTER]],
  [{ staging: 'pod' }, [...BEFORE, 'dumpAndUpload', ...AFTER]],
  [{ staging: 'stream' }, [...BEFORE, 'dumpAndUpload', ...AFTER]],
  [{ sampleData: { kind: 'none' }, schemas: ['shop'] }, ['provision', 'deployMysql', 'dump', 'upload', ...AFTER]],
])('the request %j has its own steps', (request, steps) => {
  expect(stepsOf(parseBackupRequest(request))).toEqual(steps)
})

test('an engine that is not named is no part of the request: the worker has it', () => {
  expect(parseBackupRequest({})).not.toHaveProperty('engine')
})

test.each([
  [{ engine: 'mysqlsh', staging: 'stream' }, 'staging: MySQL Shell says only at its end that its files are whole'],
  [{ engine: 'mysqlsh', encryption: 'age' }, 'encryption: MySQL Shell writes files that are not encrypted'],
  [{ engine: 'mydumper' }, 'engine: '],
])('the request %j is refused', (request, why) => {
  expect(() => parseBackupRequest(request)).toThrow(why)
})

test.each(['volume', 'pod'] as const)('MySQL Shell dumps with the staging %s', (staging) => {
  expect(parseBackupRequest({ engine: 'mysqlsh', staging })).toMatchObject({ engine: 'mysqlsh', staging })
})
