import type { PendingJobs, PipelineProgress, StepProgressView } from '../../domain/progress.ts'
import { pendingJobsOf } from '../../temporal/pending-jobs.ts'
import { columns } from '../columns.ts'
import { readProgress, withPending } from '../follow-pipeline.ts'
import { phaseText } from '../phase-text.ts'
import { pendingText, secondsOf } from '../step-text.ts'
import { failureOf, takenBackText, type WorkflowFailure } from '../workflow-failure.ts'
import { type ListedPipeline, listedOf } from './list-pipelines.ts'
import type { FoundPipeline } from './pipelines.ts'

/** Where one pipeline, restore or drill stands. */
export interface PipelineState extends ListedPipeline {
  readonly taskQueue: string
  /** Absent where no worker answers for it. */
  readonly progress?: PipelineProgress
  /** What it waits for, as Temporal itself knows it. */
  readonly pending: PendingJobs
  /** Why it did not end well. */
  readonly failure?: WorkflowFailure
}

export async function readState({ handle, description }: FoundPipeline): Promise<PipelineState> {
  const progress = await readProgress(handle)
  const pending = pendingJobsOf(description.raw.pendingActivities)
  const isOver = description.status.name !== 'RUNNING'
  const failure = isOver ? await failureOf(handle.result(), handle) : undefined
  return {
    ...listedOf(description),
    taskQueue: description.taskQueue,
    pending,
    ...(progress && { progress: withPending(progress, pending) }),
    ...(failure && { failure }),
  }
}

/** The same for a person: a line for each step. */
export function stateText(state: PipelineState): string {
  const { workflowId, type, database, outcome, startedAt, endedAt, progress, failure } = state
  const phase = progress ? phaseText(progress, workflowId) : ''
  return [
    `${type} ${workflowId}${database === undefined ? '' : ` of ${database}`}: ${outcome}`,
    `Started ${startedAt}${endedAt === undefined ? '' : `, ended ${endedAt}`}${backupText(progress)}`,
    progress ? stepTable(progress) : unansweredText(state),
    ...(phase === '' ? [] : [phase]),
    ...(failure ? [failure.message, ...(failure.details ? [takenBackText(failure.details)] : [])] : []),
  ].join('\n')
}

function backupText(progress: PipelineProgress | undefined): string {
  return progress?.backupId === undefined ? '' : `; backup ${progress.backupId}`
}

function stepTable({ steps }: PipelineProgress): string {
  return columns([['step', 'state', 'seconds', 'what came of it'], ...steps.map(stepRow)])
}

function unansweredText({ taskQueue, pending }: PipelineState): string {
  const waitsFor = Object.entries(pending).map(
    ([name, job]) => `It waits for ${name}: ${pendingText(job) || 'not begun'}`,
  )
  return [`No worker answers on the task queue ${taskQueue}: how its steps went cannot be told.`, ...waitsFor].join(
    '\n',
  )
}

function stepRow(step: StepProgressView): string[] {
  const seconds = secondsOf(step)?.toFixed(1) ?? ''
  return [step.name, step.state, seconds, step.pending ? pendingText(step.pending) : (step.summary ?? '')]
}
