import { expect, test } from '@jest/globals'
import { lockHolderOf } from '../../../../images/tools/terraform/state-lock.ts'

const LOCKED = `Error acquiring the state lock: Error message: the state is already locked by another terraform client
Lock Info:
  ID:        2a6c8f6e-5a3c-8d3b-7d0d-0a8a2a1f3d11
  Path:${' '}
  Operation: OperationTypeApply
  Who:       holdfast@hf-provision-0e5d8fe696-1-v9l4n
  Version:   1.11.4
  Created:   2026-11-25 00:47:01.000000000 +0000 UTC
  Info:${' '}

Terraform acquires a state lock to protect the state from being written`

test('who holds the lock is read from what Terraform says', () => {
  expect(lockHolderOf(['Other: x', LOCKED])).toEqual({
    lockId: '2a6c8f6e-5a3c-8d3b-7d0d-0a8a2a1f3d11',
    host: 'hf-provision-0e5d8fe696-1-v9l4n',
  })
})

test.each([[[]], [['Denied: StatusCode: 403']], [['Error acquiring the state lock: the cluster is gone']]])(
  '%j names no holder',
  (errors: string[]) => {
    expect(lockHolderOf(errors)).toBeUndefined()
  },
)
