import { CancellationScope, log, patched, proxyLocalActivities, workflowInfo } from '@temporalio/workflow'
import type { Happening, Notification, NotifyActivities } from '../domain/notification.ts'
import { KEYS } from '../temporal/search-attribute-keys.ts'
import { rootMessage } from './compensation.ts'
import { ANNOUNCES } from './patches.ts'

/**
 * A local activity, which costs a history one event and no task, whether or not somebody is to be notified. It waits for no target, only
 * until Temporal has the workflow that will. Its tries are counted as well: the worker measures `scheduleToCloseTimeout` from Temporal's
 * time by its own clock, and one that is behind would try for as long as it is.
 */
const activities = proxyLocalActivities<Pick<NotifyActivities, 'announce'>>({
  startToCloseTimeout: '5 seconds',
  scheduleToCloseTimeout: '20 seconds',
  retry: { maximumInterval: '5 seconds', maximumAttempts: 6 },
  summary: 'Who is to be notified of it',
})

/**
 * Has told what has happened to this workflow, or waits for an answer, as far as this worker's targets want to know. It throws nothing: what
 * a workflow does is not changed by it.
 *
 * @param occasion tells apart what may happen to a workflow more than once
 */
export async function announce(happening: Happening, occasion?: string): Promise<void> {
  if (!patched(ANNOUNCES)) return
  const notification = notificationOf(happening, occasion)
  try {
    await CancellationScope.nonCancellable(() => activities.announce(notification))
  } catch (error) {
    log.error('Nobody could be notified', { event: happening.event, why: rootMessage(error) })
  }
}

/** Of the workflow it tells what lists show of it, too. */
function notificationOf(happening: Happening, occasion: string | undefined): Notification {
  const { workflowId, runId, workflowType: type, memo, typedSearchAttributes: shown } = workflowInfo()
  const request = memo?.request
  const database = shown.get(KEYS.database)
  const backupId = shown.get(KEYS.backupId)
  return {
    id: [runId, happening.event, ...(occasion === undefined ? [] : [occasion])].join('-'),
    time: Date.now(),
    workflow: { type, workflowId, runId },
    ...(typeof request === 'string' && { request }),
    ...(database !== undefined && { database }),
    ...(backupId !== undefined && { backupId }),
    happening,
  }
}
