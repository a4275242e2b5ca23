import { type ActivityOptions, ApplicationFailure, isCancellation, proxyActivities } from '@temporalio/workflow'
import { z } from 'zod'
import {
  type Delivery,
  type Notification,
  type NotifyActivities,
  type NotifyRequest,
  type NotifyResult,
  notifyRequestSchema,
} from '../domain/notification.ts'
import { rootMessage } from './compensation.ts'

/** A server that is down in the evening may be up in the morning. After a day, what was to be told is no news. */
const A_DAY: ActivityOptions = {
  startToCloseTimeout: '90 seconds',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '15 minutes' },
}
/** For somebody who waits for the answer. */
const ONE_TRY: ActivityOptions = {
  startToCloseTimeout: '90 seconds',
  scheduleToCloseTimeout: '2 minutes',
  retry: { maximumAttempts: 1 },
}

/**
 * Delivers a notification to each target of the workers' that wants it, however long that takes. Whoever has it told goes on meanwhile, or
 * has ended. Each target is tried by itself: one that is down holds up no other, and none is told again because of another.
 *
 * @param input a `NotifyRequest`
 * @throws {ApplicationFailure} `NotDelivered`, naming the targets that did not take it; `InvalidRequest`
 */
export async function Notify(input: unknown): Promise<NotifyResult> {
  const { notification, patience } = checked(input)
  const options = patience === 'a day' ? A_DAY : ONE_TRY
  const { findTargets } = proxyActivities<NotifyActivities>({ ...options, summary: 'Who is to be told' })
  const targets = await findTargets({ event: notification.happening.event })
  const deliveries = await Promise.all(targets.map((target) => deliver(target, notification, options)))
  const failed = deliveries.filter((delivery) => delivery.state === 'failed')
  if (failed.length > 0 && patience === 'a day') throw notDelivered(failed)
  return { deliveries }
}

async function deliver(target: string, notification: Notification, options: ActivityOptions): Promise<Delivery> {
  const activities = proxyActivities<NotifyActivities>({ ...options, summary: `Tell ${target}` })
  try {
    await activities.deliver({ target, notification })
    return { target, state: 'delivered' }
  } catch (error) {
    if (isCancellation(error)) throw error
    return { target, state: 'failed', why: rootMessage(error) }
  }
}

function notDelivered(failed: readonly (Delivery & { readonly state: 'failed' })[]): ApplicationFailure {
  const whom = failed.map(({ why }) => why).join('\n')
  return ApplicationFailure.nonRetryable(`Not everybody could be told.\n${whom}`, 'NotDelivered')
}

function checked(input: unknown): NotifyRequest {
  const parsed = notifyRequestSchema().safeParse(input)
  if (parsed.success) return parsed.data
  throw ApplicationFailure.nonRetryable(z.prettifyError(parsed.error), 'InvalidRequest')
}
