import type { BackupId } from './names.ts'
import type { TableComparison } from './step-answers.ts'
import type { StepName, UndoName } from './steps.ts'

/** One step as it went. */
export interface StepReport {
  readonly name: StepName
  readonly seconds: number
  readonly jobName: string
  /** How many Jobs it took. */
  readonly attempts: number
}

/** One of the two copies of a backup in the bucket. */
export interface CopyReport {
  readonly prefix: string
  readonly objects: number
  readonly bytes: number
}

/** What a pipeline returns when it ends well: a backup, proven by its restore. */
export interface BackupResult {
  readonly outcome: 'proven'
  readonly backupId: BackupId
  readonly bucket: string
  readonly steps: readonly StepReport[]
  readonly tables: readonly TableComparison[]
  /** More than `tables` holds where a backup has more tables than an answer has room for. */
  readonly tableCount: number
  readonly copies: readonly CopyReport[]
  /** Bytes that the server-side copy sent through its pod: 0 when S3 did it all. */
  readonly copyTransferredBytes: number
  readonly lockedMilliseconds: number
  readonly storageChanged: boolean
}

/** What a failed pipeline carries as the details of its failure. */
export interface PipelineFailureDetails {
  readonly backupId: BackupId
  /** Absent where it was cancelled between two steps. */
  readonly failedStep?: StepName
  readonly steps: readonly StepReport[]
  readonly undone: readonly UndoName[]
  readonly notUndone: readonly { readonly name: UndoName; readonly why: string }[]
}
