import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client'
import { CheckFailed } from '../../domain/checklist.ts'
import { CHECKS, type CheckName, doctorResultSchema, type Finding } from '../../domain/doctor.ts'
import type { DoctorRequest } from '../../domain/doctor-request.ts'
import { rootMessage } from '../../worker/root-message.ts'

const LOOK_MILLISECONDS = 500
/** Events of a workflow that no worker has seen: it was started, and its first task scheduled. */
const UNTOUCHED = 2
/** A worker that fails so often at the beginning of a workflow cannot run it. */
const MOST_TRIES = 3
/** Beyond what the workflow's own activities may take. */
const LONGEST = '1 hour'

const FIRST = CHECKS.indexOf('kubernetes')
/** What a worker looks at, and what it has its pods look at. */
export const WORKERS_CHECKS: readonly [CheckName, ...CheckName[]] = ['kubernetes', ...CHECKS.slice(FIRST + 1)]

/** Which worker is asked. */
export interface WorkerOptions {
  readonly taskQueue: string
  /** After so long without a worker that takes the workflow up, there is none that would. */
  readonly takeUpSeconds: number
}

/**
 * Has a worker look, and returns what it found.
 *
 * @throws {CheckFailed} what is wrong with the worker, where it does not
 */
export async function askWorker(
  client: Client,
  request: DoctorRequest,
  { taskQueue, takeUpSeconds }: WorkerOptions,
): Promise<readonly Finding[]> {
  const handle = await client.workflow.start('DoctorCheck', {
    taskQueue,
    workflowId: `doctor-${randomUUID()}`,
    args: [request],
    workflowExecutionTimeout: LONGEST,
    staticSummary: `What pipelines in ${request.namespace} need`,
  })
  return await answerOf(handle, takeUpSeconds)
}

async function answerOf(handle: WorkflowHandle, takeUpSeconds: number): Promise<readonly Finding[]> {
  const ended = new AbortController()
  try {
    return await Promise.race([findingsOf(handle), neverTakenUp(handle, takeUpSeconds, ended.signal)])
  } catch (error) {
    // Nobody runs it: nobody but this command would ever end it.
    if (error instanceof CheckFailed) await handle.terminate(error.message)
    if (!(error instanceof WorkflowFailedError)) throw error
    throw new CheckFailed(`its workflow ${handle.workflowId} failed: ${rootMessage(error)}`, howToLook(handle), error)
  } finally {
    ended.abort()
  }
}

async function findingsOf(handle: WorkflowHandle): Promise<readonly Finding[]> {
  return doctorResultSchema().parse(await handle.result()).findings
}

/** Rejects once it is certain that no worker will run the workflow. */
async function neverTakenUp(handle: WorkflowHandle, takeUpSeconds: number, signal: AbortSignal): Promise<never> {
  const since = performance.now()
  for (;;) {
    await sleep(LOOK_MILLISECONDS, undefined, { signal })
    const isLate = performance.now() - since > takeUpSeconds * 1000
    const why = await whyNotTakenUp(handle, isLate)
    if (why) throw why
  }
}

async function whyNotTakenUp(handle: WorkflowHandle, isLate: boolean): Promise<CheckFailed | undefined> {
  const { raw, historyLength } = await handle.describe()
  if ((raw.pendingWorkflowTask?.attempt ?? 1) >= MOST_TRIES) {
    const remedy = "Run both from the same version. The worker's log says why it failed."
    return new CheckFailed('it fails at the workflow DoctorCheck: is it another version than this command?', remedy)
  }
  if (historyLength > UNTOUCHED || !isLate) return undefined
  return new CheckFailed(
    `none has taken up the workflow ${handle.workflowId}, though one has polled within the last minutes`,
    'Is the worker still running? Start one: npm run worker.',
  )
}

function howToLook({ workflowId }: WorkflowHandle): string {
  return `Look at: temporal workflow show --workflow-id ${workflowId}`
}
