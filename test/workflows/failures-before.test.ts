import { expect, test } from '@jest/globals'
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common'
import { failuresBefore } from '../../src/workflows/failures-before.ts'

function failure(...details: unknown[]): ApplicationFailure {
  return ApplicationFailure.create({ message: 'no route', details })
}

test.each([
  ['nothing', undefined, 0],
  ['a failure that was the fourth', failure({ failedStep: 'dump', steps: [] }, { failuresInARow: 4 }), 4],
  ['a failure that says nothing of a row', failure({ failedStep: 'dump' }), 1],
  ['one without details', ApplicationFailure.create({ message: 'no route' }), 1],
  ['one that says nonsense', failure({ failuresInARow: 'many' }), 1],
  ['a time-out', new TimeoutFailure('too late', undefined, 'START_TO_CLOSE'), 1],
  ['that one was cancelled', new CancelledFailure('by somebody'), 0],
  ['that one was terminated', new TerminatedFailure('by somebody'), 0],
])('where %s is handed on, so many have failed before', (_, handedOn, count) => {
  expect(failuresBefore(handedOn)).toBe(count)
})
