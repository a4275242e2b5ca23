import { expect, test } from '@jest/globals'
import { assertSameMoment } from '../../../../images/tools/dump/shell-snapshot.ts'

const binaryLog = { file: 'bin.000003', position: 157 }
const ours = { gtidExecuted: 'a:1-3,b:7', binaryLog }

test.each([
  ['GTIDs and the binary log', { gtidExecuted: 'a:1-3,b:7', binaryLog }, ours],
  ['GTIDs, where MySQL Shell may not ask for the binary log', { gtidExecuted: 'a:1-3,b:7' }, ours],
  ['the binary log alone', { gtidExecuted: '', binaryLog }, { gtidExecuted: '', binaryLog }],
  ['nothing to compare', { gtidExecuted: '' }, { gtidExecuted: '', binaryLog: null }],
])('two snapshots of one moment agree: %s', (_, shell, own) => {
  expect(() => assertSameMoment(shell, own)).not.toThrow()
})

test.each([
  ['GTID', { ...ours, gtidExecuted: 'a:1-4,b:7' }, '"a:1-4,b:7"'],
  ['position', { ...ours, binaryLog: { ...binaryLog, position: 158 } }, '"bin.000003:158"'],
  ['file', { ...ours, binaryLog: { ...binaryLog, file: 'bin.000004' } }, '"bin.000004:157"'],
])('a snapshot of another %s is told', (_, shell, said) => {
  expect(() => assertSameMoment(shell, ours)).toThrow(
    expect.objectContaining({ type: 'NotOneSnapshot', retryable: true, message: expect.stringContaining(said) }),
  )
})
