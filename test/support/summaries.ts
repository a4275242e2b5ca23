import { defaultPayloadConverter, type WorkflowHandle } from '@temporalio/client'

/** The events of a history that the UI shows a line for, each with its summary. */
export async function readSummaries(handle: WorkflowHandle): Promise<[name: string, summary: string | undefined][]> {
  const { events } = await handle.fetchHistory()
  return (events ?? []).flatMap((event) => {
    const { activityTaskScheduledEventAttributes: activity, timerStartedEventAttributes: timer } = event
    const local = event.markerRecordedEventAttributes?.markerName === 'core_local_activity'
    const name = activity?.activityType?.name ?? (timer ? 'timer' : local ? 'local activity' : undefined)
    const summary = event.userMetadata?.summary
    return name ? [[name, summary ? defaultPayloadConverter.fromPayload<string>(summary) : undefined]] : []
  })
}
