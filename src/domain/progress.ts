import type { Question } from './decision.ts'
import type { BackupId } from './names.ts'
import type { StepName } from './steps.ts'

export type StepState = 'pending' | 'running' | 'done' | 'failed' | 'cancelled'

/** One step as the pipeline knows it. Times are in milliseconds since 1970. */
export interface StepProgressView {
  readonly name: StepName
  readonly state: StepState
  readonly startedAt?: number
  readonly endedAt?: number
  readonly jobName?: string
  /** What came of it, in a few words: "4 tables, 400,000 rows". */
  readonly summary?: string
  /** How often an operator has had it run once more. Absent means never. */
  readonly round?: number
}

/** `waiting`: for the database, on which another pipeline is at work. `asking`: for an operator. */
export type PipelinePhase = 'waiting' | 'running' | 'asking' | 'undoing' | 'done' | 'failed'

/** What the query `progress` answers. How far a running step is, the heartbeat of its activity says. */
export interface PipelineProgress {
  readonly backupId: BackupId
  readonly phase: PipelinePhase
  /** Whether the pipeline waits before its next step for the signal `resume`. */
  readonly paused: boolean
  /** What an operator is asked, while one is. */
  readonly question?: Question
  readonly steps: readonly StepProgressView[]
}
