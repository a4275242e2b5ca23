import { expect, test } from '@jest/globals'
import { ApplyLog } from '../../../../images/tools/terraform/apply-log.ts'

function read(...messages: object[]): ApplyLog {
  const log = new ApplyLog()
  for (const message of messages) log.read(JSON.stringify(message))
  return log
}

test('what was changed and the outputs make the answer; secrets and what is no text do not', () => {
  const changes = { add: 2, change: 1, import: 0, remove: 0 }
  const log = read(
    { type: 'change_summary', changes: { ...changes, add: 9, operation: 'plan' } },
    { type: 'change_summary', changes: { ...changes, operation: 'apply' } },
    {
      type: 'outputs',
      outputs: {
        bucket: { sensitive: false, type: 'string', value: 'test-1' },
        secret: { sensitive: true, type: 'string', value: 'x' },
        list: { sensitive: false, type: ['list', 'string'], value: ['x'] },
      },
    },
  )
  expect(log.answer()).toEqual({ changed: true, added: 2, updated: 1, destroyed: 0, outputs: { bucket: 'test-1' } })
})

test('a run that changes nothing says so', () => {
  const changes = { add: 0, change: 0, remove: 0, operation: 'apply' }
  expect(read({ type: 'change_summary', changes }).answer().changed).toBe(false)
})

test('errors are kept, warnings and lines that are no JSON are not', () => {
  const log = read(
    { type: 'diagnostic', diagnostic: { severity: 'warning', summary: 'Old', detail: 'x' } },
    { type: 'diagnostic', diagnostic: { severity: 'error', summary: 'Denied', detail: 'StatusCode: 403' } },
  )
  log.read('Terraform v1.11.4')
  expect(log.errors).toEqual(['Denied: StatusCode: 403'])
})
