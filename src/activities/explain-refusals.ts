import { ApplicationFailure } from '@temporalio/activity'
import { refusalOf } from '../kubernetes/api-errors.ts'

/** A function that Temporal may run as an activity, whatever it takes and answers. */
type Activity = (...args: never[]) => Promise<unknown>

/**
 * The same activities, which fail with what the API server said where it refused a request of theirs: which verb on what was
 * not allowed, or why an object was not admitted. What the same request would meet again fails at once.
 */
export function explainRefusals<Activities extends { readonly [Name in keyof Activities]: Activity }>(
  activities: Activities,
): Activities {
  const explained = Object.entries<Activity>(activities).map(([name, activity]) => [name, explainRefusal(activity)])
  return Object.fromEntries(explained)
}

function explainRefusal(activity: Activity): Activity {
  return async (...args) => {
    try {
      return await activity(...args)
    } catch (error) {
      const refusal = refusalOf(error)
      if (!refusal) throw error
      const { type, why, remedy, retryable } = refusal
      const message = `Kubernetes refused a request: ${why}${remedy === undefined ? '' : `\n${remedy}`}`
      throw ApplicationFailure.create({ message, type, nonRetryable: !retryable })
    }
  }
}
