import { expect, test } from '@jest/globals'
import { assertEncryption } from '../../src/activities/assert-encryption.ts'
import { dumpAnswerSchema } from '../../src/domain/step-answers.ts'

const OF_BEFORE = {
  tables: 1,
  rows: 2,
  bytes: 30,
  files: 3,
  lockedMilliseconds: 5,
  withoutSnapshots: { tables: 0, lockedMilliseconds: 0 },
}
const [ofBefore, plain, encrypted] = [
  dumpAnswerSchema().parse(OF_BEFORE),
  dumpAnswerSchema().parse({ ...OF_BEFORE, encryption: 'none' }),
  dumpAnswerSchema().parse({ ...OF_BEFORE, encryption: 'age' }),
]

test.each([
  ['none', ofBefore],
  ['none', plain],
  ['age', encrypted],
] as const)('a dump with the encryption "%s", as it was asked for, is taken', (asked, dump) => {
  expect(() => assertEncryption(asked, dump, 'hf-dump-1')).not.toThrow()
})

test.each([
  ['age', ofBefore],
  ['age', plain],
  ['none', encrypted],
] as const)('a dump that was to have the encryption "%s", and has another, is refused for good', (asked, dump) => {
  expect(() => assertEncryption(asked, dump, 'hf-dump-1')).toThrow(
    expect.objectContaining({ type: 'EncryptionDiffers', nonRetryable: true }),
  )
})
