import type { Question } from './decision.ts'
import type { FollowedJob } from './followed-job.ts'
import type { BackupId } from './names.ts'
import type { StepName } from './steps.ts'

export type StepState = 'pending' | 'running' | 'done' | 'failed' | 'cancelled'

/** A step's activity that has not ended, as Temporal knows it. */
export interface PendingJob {
  /** How often the activity has been tried, this time included. */
  readonly attempt: number
  /** What its last heartbeat said: the Job's name, its pod, percent and rate; absent before the first. */
  readonly job?: FollowedJob
  /** Why the attempt before this one failed. */
  readonly lastFailure?: string
}

/** By the name of the activity's type, which is that of its step. */
export type PendingJobs = Readonly<Record<string, PendingJob>>

/** One step as the pipeline knows it. Times are in milliseconds since 1970. */
export interface StepProgressView {
  readonly name: StepName
  readonly state: StepState
  readonly startedAt?: number
  readonly endedAt?: number
  readonly jobName?: string
  /** How many Jobs it took; absent while it runs. */
  readonly attempts?: number
  /** What came of it, in a few words: "4 tables, 400,000 rows". */
  readonly summary?: string
  /** Why it failed, in its first words. */
  readonly why?: string
  /** How often an operator has had it run once more. Absent means never. */
  readonly round?: number
  /** How far it is while it runs. The update `progress` tells it; a query cannot. */
  readonly pending?: PendingJob
}

/** `waiting`: for the database, on which another pipeline is at work. `asking`: for an operator. */
export type PipelinePhase = 'waiting' | 'running' | 'asking' | 'undoing' | 'done' | 'failed'

/** What the query `progress` of a pipeline, a restore or a drill answers, and the update of that name. */
export interface PipelineProgress {
  /** Absent while a restore or a drill has not found its backup. */
  readonly backupId?: BackupId
  readonly phase: PipelinePhase
  /** Whether the pipeline waits before its next step for the signal `resume`. */
  readonly paused: boolean
  /** What an operator is asked, while one is. */
  readonly question?: Question
  readonly steps: readonly StepProgressView[]
}
