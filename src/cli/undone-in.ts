import type { WorkflowHandle } from '@temporalio/client'
import { UNDOS, type UndoName } from '../domain/steps.ts'

/** What of a workflow was taken back, in that order, and what could not be. */
export interface Undone {
  readonly undone: readonly UndoName[]
  readonly notUndone: readonly { readonly name: UndoName; readonly why: string }[]
}

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>

/** What was taken back after a workflow was to be cancelled, by its history. */
export function undoneIn(events: NonNullable<History['events']>): Undone {
  const undos = new Map<string, UndoName>()
  const undone: UndoName[] = []
  const notUndone: { name: UndoName; why: string }[] = []
  const cancelled = events.findIndex((event) => event.workflowExecutionCancelRequestedEventAttributes)
  for (const event of events.slice(cancelled)) {
    const scheduled = UNDOS.find((name) => name === event.activityTaskScheduledEventAttributes?.activityType?.name)
    if (scheduled) undos.set(String(event.eventId), scheduled)
    const ended = event.activityTaskCompletedEventAttributes
    const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes
    const name = undos.get(String((ended ?? failed)?.scheduledEventId))
    if (!name) continue
    if (ended) undone.push(name)
    else notUndone.push({ name, why: failed?.failure?.cause?.message ?? failed?.failure?.message ?? 'it did not say' })
  }
  return { undone, notUndone }
}
