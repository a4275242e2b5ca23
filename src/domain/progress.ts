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
}

/** What the query `progress` answers. */
export interface PipelineProgress {
  readonly backupId: BackupId
  readonly phase: 'running' | 'undoing' | 'done' | 'failed'
  readonly steps: readonly StepProgressView[]
}
