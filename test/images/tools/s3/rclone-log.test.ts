import { expect, test } from '@jest/globals'
import { bytesThroughPod, parseRcloneLine } from '../../../../images/tools/s3/rclone-log.ts'

test('bytes that S3 copied by itself did not go through the pod', () => {
  const stats = {
    bytes: 35782894,
    totalBytes: 35782894,
    serverSideCopies: 6,
    serverSideCopyBytes: 35781087,
    transfers: 7,
  }
  const { stats: read } = parseRcloneLine(JSON.stringify({ level: 'notice', msg: '\nTransferred', stats }))
  expect(read && bytesThroughPod(read)).toBe(1807)
})

test('an error names its object, without the ids of a request', () => {
  const msg =
    'Failed to copy: https response error StatusCode: 403, RequestID: AB, HostID: x+/=, api error AccessDenied: no'
  const { error } = parseRcloneLine(JSON.stringify({ level: 'error', msg, object: 'a.zst' }))
  expect(error).toBe('a.zst: Failed to copy: https response error StatusCode: 403, api error AccessDenied: no')
})

test.each(['', 'Config file not found', '{"level":"info","msg":"x"}', '{', 'null'])('%j says nothing', (line) => {
  expect(parseRcloneLine(line)).toEqual({})
})
