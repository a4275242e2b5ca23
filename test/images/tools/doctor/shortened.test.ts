import { expect, test } from '@jest/globals'
import { shortened } from '../../../../images/tools/doctor/shortened.ts'
import type { DoctorAnswer } from '../../../../src/domain/doctor.ts'
import { ANSWER_MAX_BYTES } from '../../../../src/domain/step-answers.ts'

function answer(found: string, remedy: string): DoctorAnswer {
  const checks = ['image', 'identity', 'bucket', 'bucketSettings', 'mysql', 'privileges'] as const
  const findings = checks.map((check) => ({ check, state: 'failed' as const, found, remedy }))
  return { findings, clocks: { pod: 1, others: [] } }
}

test('an answer that fits is left as it is', () => {
  const short = answer('short', 'do')
  expect(shortened(short)).toEqual(short)
})

test('an answer that is too long keeps the beginning and the end of each text', () => {
  const cut = shortened(answer(`begin ${'狮'.repeat(5000)} end`, `GRANT ${'x'.repeat(9000)};`))
  expect(Buffer.byteLength(JSON.stringify(cut))).toBeLessThanOrEqual(ANSWER_MAX_BYTES)
  expect(cut.findings).toHaveLength(6)
  for (const { found, remedy } of cut.findings) {
    expect(found).toMatch(/^begin .* … .* end$/)
    expect(remedy).toMatch(/^GRANT .* … .*;$/)
  }
})
