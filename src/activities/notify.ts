import { ApplicationFailure, activityInfo, cancellationSignal, getClient } from '@temporalio/activity'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import type { Config } from '../config.ts'
import {
  type Happening,
  NOTIFY,
  type Notification,
  type NotifyActivities,
  type NotifyRequest,
  notifyIdOf,
} from '../domain/notification.ts'
import { refusalBy, silenceOf } from '../notify/delivery-failure.ts'
import { messageFor } from '../notify/message.ts'
import type { Target } from '../notify/notify-settings.ts'
import { post } from '../notify/post.ts'
import { NotifySettingsError, readNotifySettings } from '../notify/read-notify-settings.ts'
import type { Dependencies } from './dependencies.ts'

/** What tells people of what has happened. Where they are, and the secrets, are read from the worker's file alone. */
export function createNotifyActivities({ config }: Pick<Dependencies, 'config'>): NotifyActivities {
  return {
    announce: async (notification) => {
      if (!(await mayBeWanted(config, notification.happening))) return { announced: false }
      await start(notification)
      return { announced: true }
    },
    findTargets: async ({ event }) => (await targetsOf(config)).filter(wants(event)).map(({ name }) => name),
    deliver: async ({ target: name, notification }) => {
      const target = (await targetsOf(config)).find((each) => each.name === name)
      // Workers of before and after a change of the file may run side by side: another one may know it.
      if (!target) throw ApplicationFailure.retryable(`This worker's file names no target ${name}.`, 'TargetUnknown')
      const { workflowNamespace: namespace = 'default' } = activityInfo()
      await send(target, messageFor(target, notification, { namespace, uiUrl: config.uiUrl }))
    },
  }
}

/** A file that cannot be understood keeps nothing from being told: it may be mended within the day. */
async function mayBeWanted({ notifyFile }: Config, { event }: Happening): Promise<boolean> {
  if (notifyFile === undefined) return false
  try {
    return (await readNotifySettings(notifyFile)).targets.some(wants(event))
  } catch (error) {
    if (error instanceof NotifySettingsError) return true
    throw error
  }
}

function wants(event: Happening['event']): (target: Target) => boolean {
  return ({ on }) => event === 'test' || on.includes(event)
}

/** @throws {ApplicationFailure} which may pass: the file may be mended */
async function targetsOf({ notifyFile }: Config): Promise<readonly Target[]> {
  if (notifyFile === undefined) return []
  try {
    return (await readNotifySettings(notifyFile)).targets
  } catch (error) {
    if (!(error instanceof NotifySettingsError)) throw error
    throw ApplicationFailure.retryable(
      `The worker's HOLDFAST_NOTIFY_FILE is wrong: ${error.message}.`,
      'NotifySettings',
    )
  }
}

/** Tried again, it finds that what it had told was told. */
async function start(notification: Notification): Promise<void> {
  const { workflow, happening } = notification
  const request: NotifyRequest = { notification, patience: 'a day' }
  try {
    await getClient().workflow.start(NOTIFY, {
      taskQueue: activityInfo().taskQueue,
      workflowId: notifyIdOf(notification),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [request],
      staticSummary: `Tell that ${workflow.workflowId} ${happening.event}`.slice(0, 200),
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

/** @throws {ApplicationFailure} the target has not taken it */
async function send(target: Target, message: Parameters<typeof post>[1]): Promise<void> {
  const { name, url, timeoutSeconds } = target
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutSeconds * 1000), cancellationSignal()])
  const answer = await post(url, message, signal).catch((error: unknown) => {
    throw silenceOf(name, error, timeoutSeconds)
  })
  const refusal = refusalBy(name, answer)
  if (refusal) throw refusal
}
