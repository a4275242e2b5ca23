import { randomUUID } from 'node:crypto'
import { type Client, WorkflowFailedError } from '@temporalio/client'
import { CheckFailed } from '../../domain/checklist.ts'
import {
  type Delivery,
  NOTIFY,
  type NotifyRequest,
  type NotifyResult,
  notifyIdOf,
  notifyResultSchema,
} from '../../domain/notification.ts'
import { rootMessage } from '../../worker/root-message.ts'
import { assertPolled } from '../doctor/examine-temporal.ts'
import { untilInterrupted } from '../interruption.ts'
import { print, printJson } from '../print.ts'
import { withTemporal } from '../with-temporal.ts'

/** Above what one try of everything may take. */
const LONGEST = '5 minutes'

export interface NotifyTestOptions {
  readonly taskQueue: string
  readonly output: 'table' | 'json'
}

/** `holdfast notify test`: has a worker send a test to each of its targets, and prints who took it. */
export async function testTargets({ taskQueue, output }: NotifyTestOptions): Promise<void> {
  await withTemporal(async (client) => {
    await assertWorker(client, taskQueue)
    const { deliveries } = await untilInterrupted(sendTest(client, taskQueue), 'Stopped waiting. The test is sent.')
    if (output === 'json') printJson({ deliveries })
    else print(deliveries.length === 0 ? NO_TARGETS : deliveries.map(line).join('\n'))
    if (deliveries.length === 0 || deliveries.some(({ state }) => state === 'failed')) process.exitCode = 1
  })
}

/** @throws {Error} nobody would take the test up */
async function assertWorker(client: Client, taskQueue: string): Promise<void> {
  try {
    await assertPolled(client, taskQueue)
  } catch (error) {
    throw error instanceof CheckFailed ? new Error(`${error.message}. ${error.remedy}`) : error
  }
}

const NO_TARGETS = 'The worker has no targets: HOLDFAST_NOTIFY_FILE is not set where it is started.'

function line(delivery: Delivery): string {
  return delivery.state === 'delivered' ? `✔ ${delivery.target} took it.` : `✖ ${delivery.why}`
}

async function sendTest(client: Client, taskQueue: string): Promise<NotifyResult> {
  const id = `test-${randomUUID()}`
  const workflowId = notifyIdOf({ id })
  const workflow = { type: NOTIFY, workflowId, runId: id }
  const notification = { id, time: Date.now(), workflow, happening: { event: 'test' } } as const
  const request: NotifyRequest = { notification, patience: 'one try' }
  const options = { taskQueue, workflowId, workflowExecutionTimeout: LONGEST, args: [request] }
  try {
    return notifyResultSchema().parse(await client.workflow.execute(NOTIFY, options))
  } catch (error) {
    throw error instanceof WorkflowFailedError ? new Error(rootMessage(error)) : error
  }
}
