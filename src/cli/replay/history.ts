import { z } from 'zod'

/**
 * An event of a history, as its attributes tell it: `activityTaskScheduledEventAttributes` and others, in the JSON of Temporal's tools and
 * in what its client fetches alike.
 */
const eventSchema = z.looseObject({ eventId: z.unknown() })
export type HistoryEvent = z.infer<typeof eventSchema>

export const historySchema = z.looseObject({ events: z.array(eventSchema).min(1) })
export type History = z.infer<typeof historySchema>

const ATTRIBUTES = 'EventAttributes'

/** What kind of event it is: `ActivityTaskScheduled`. */
export function kindOf(event: HistoryEvent): string {
  const key = Object.keys(event).find((name) => name.endsWith(ATTRIBUTES) && event[name]) ?? ''
  return key.charAt(0).toUpperCase() + key.slice(1, -ATTRIBUTES.length)
}

const namedSchema = z.looseObject({ name: z.string() })
/** What an event is about, if it is about something that has a name. */
const NAMES = ['activityType', 'workflowType', 'signalName', 'markerName', 'timerId', 'patchId'] as const

/** One event in one line: its number, its kind, and what it is about. */
export function eventText(event: HistoryEvent): string {
  return [String(event.eventId), kindOf(event), nameOf(event)].join(' ').trimEnd()
}

/** The workflow's type, by its first event. */
export function workflowTypeOf({ events: [first] }: History): string {
  return (first && nameOf(first)) ?? ''
}

function nameOf(event: HistoryEvent): string | undefined {
  const key = Object.keys(event).find((name) => name.endsWith(ATTRIBUTES) && event[name])
  const attributes = z.looseObject({}).safeParse(key && event[key]).data ?? {}
  for (const name of NAMES) {
    const value = attributes[name]
    if (typeof value === 'string' && value !== '') return value
    const named = namedSchema.safeParse(value).data
    if (named) return named.name
  }
  return undefined
}
