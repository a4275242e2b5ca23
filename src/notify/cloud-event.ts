import type { Happening, Notification } from '../domain/notification.ts'
import { answersTo, type NoticeOptions } from './notice.ts'

/** An event of CloudEvents 1.0, in its JSON format. */
export interface CloudEvent {
  readonly specversion: '1.0'
  readonly id: string
  /** The workflow, by its path in Temporal's UI. With `id` it names one event. */
  readonly source: string
  readonly type: `holdfast.${Happening['event']}`
  readonly time: string
  /** The database, where there is one. */
  readonly subject?: string
  readonly datacontenttype: 'application/json'
  readonly data: object
}

/** The path of a workflow's page, as Temporal's UI has it. */
export function pathOf({ workflow: { workflowId, runId } }: Notification, namespace: string): string {
  return `/namespaces/${[namespace, 'workflows', workflowId, runId].map(encodeURIComponent).join('/')}`
}

/** @param namespace Temporal's, in which the workflow is */
export function cloudEvent(
  notification: Notification,
  namespace: string,
  { explain, link }: NoticeOptions,
): CloudEvent {
  const { id, time, workflow, request, database, backupId, happening } = notification
  const { event, ...what } = explain ? happening : withoutWords(happening)
  return {
    specversion: '1.0',
    id,
    source: pathOf(notification, namespace),
    type: `holdfast.${event}`,
    time: new Date(time).toISOString(),
    ...(database !== undefined && { subject: database }),
    datacontenttype: 'application/json',
    data: {
      workflow: { ...workflow, ...(link !== undefined && { link }) },
      ...(request !== undefined && { request }),
      ...(database !== undefined && { database }),
      ...(backupId !== undefined && { backupId }),
      ...what,
      ...(event === 'asked' && { answers: answersTo(workflow.workflowId) }),
    },
  }
}

/** The same without what may quote a log. */
function withoutWords(happening: Happening) {
  switch (happening.event) {
    case 'failed': {
      const { why: _, notUndone, ...rest } = happening
      return { ...rest, notUndone: notUndone.map(({ name }) => ({ name })) }
    }
    case 'asked': {
      const { why: _, ...rest } = happening
      return rest
    }
    default:
      return happening
  }
}
