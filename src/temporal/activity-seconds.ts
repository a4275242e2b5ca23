import type { WorkflowHandle } from '@temporalio/client'

type HistoryEvents = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>
type Timestamp = HistoryEvents[number]['eventTime']

/**
 * How long an activity of a workflow took that has ended well, from its order to its end, by the workflow's history.
 *
 * @param activity its type, which is the step's name
 * @returns seconds; undefined where it has not ended well. Of several runs, the last one counts
 */
export function activitySeconds(events: HistoryEvents, activity: string): number | undefined {
  const scheduled = new Map(
    events
      .filter(({ activityTaskScheduledEventAttributes: order }) => order?.activityType?.name === activity)
      .map(({ eventId, eventTime }) => [String(eventId), eventTime]),
  )
  const completed = events.flatMap(({ eventTime, activityTaskCompletedEventAttributes: end }) => {
    const begin = scheduled.get(String(end?.scheduledEventId))
    return end && begin ? [secondsOf(eventTime) - secondsOf(begin)] : []
  })
  return completed.at(-1)
}

function secondsOf(time: Timestamp): number {
  return Number(time?.seconds ?? 0) + (time?.nanos ?? 0) / 1e9
}
