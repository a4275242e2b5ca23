import { Webhook } from 'standardwebhooks'
import type { Notification } from '../domain/notification.ts'
import { cloudEvent, pathOf } from './cloud-event.ts'
import { noticeOf } from './notice.ts'
import type { Target } from './notify-settings.ts'
import { slackMessage } from './slack-message.ts'

/** What is sent to a target. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Where a notification's workflow can be looked at. */
export interface Place {
  /** Temporal's namespace. */
  readonly namespace: string
  /** Of Temporal's UI; undefined where it is not known. */
  readonly uiUrl: string | undefined
}

/** In characters. A workflow's id may be so long that no browser opens its page by it, and Slack takes no message that has it. */
const LONGEST_LINK = 2000

/** A notification in a target's format, signed by each of its secrets as of now. */
export function messageFor(target: Target, notification: Notification, { namespace, uiUrl }: Place): Message {
  const isTest = notification.happening.event === 'test'
  const link = uiUrl === undefined || isTest ? '' : uiUrl + pathOf(notification, namespace)
  const options = { explain: target.explain, link: link === '' || link.length > LONGEST_LINK ? undefined : link }
  const { contentType, content } =
    target.format === 'slack'
      ? { contentType: 'application/json', content: slackMessage(noticeOf(notification, options)) }
      : { contentType: 'application/cloudevents+json', content: cloudEvent(notification, namespace, options) }
  const body = JSON.stringify(content)
  const headers = { 'content-type': `${contentType}; charset=utf-8`, 'user-agent': 'holdfast' }
  return { headers: { ...headers, ...signed(target, notification.id, body) }, body }
}

/** Standard Webhooks: https://www.standardwebhooks.com */
function signed({ secrets = [] }: Target, id: string, body: string): Readonly<Record<string, string>> {
  if (secrets.length === 0) return {}
  const now = new Date()
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
  }
}
