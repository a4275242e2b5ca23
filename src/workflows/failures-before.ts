import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common'
import { failureCountSchema } from '../domain/schedule-settings.ts'

/**
 * How many of a schedule's workflows have failed in a row before this one.
 *
 * @param lastFailure what Temporal hands on: the failure of the last one that failed; undefined where one has ended well since
 */
export function failuresBefore(lastFailure: Error | undefined): number {
  if (lastFailure === undefined) return 0
  // A scheduler that hands on that one was cancelled does not say what was before it.
  if (lastFailure instanceof CancelledFailure || lastFailure instanceof TerminatedFailure) return 0
  const details = lastFailure instanceof ApplicationFailure ? (lastFailure.details ?? []) : []
  const [count] = details.flatMap((each) => failureCountSchema().safeParse(each).data?.failuresInARow ?? [])
  // One that does not say is one: it ran into a time-out, or failed before failures were counted.
  return count ?? 1
}
