import { once } from 'es-toolkit/function/once'
import { z } from 'zod'
import { type BackupId, backupIdSchema } from './names.ts'
import type { TableComparison, WithoutSnapshots } from './step-answers.ts'
import { ALL_STEPS, UNDOS } from './steps.ts'

/** One step as it went. */
export const stepReportSchema = once(() =>
  z
    .object({
      name: z.enum(ALL_STEPS),
      seconds: z.number(),
      jobName: z.string(),
      /** How many Jobs it took. */
      attempts: z.int().positive(),
    })
    .readonly(),
)
export type StepReport = z.infer<ReturnType<typeof stepReportSchema>>

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
  /** Views, routines, triggers and events that came back too. */
  readonly objectCount: number
  readonly copies: readonly CopyReport[]
  /** Bytes that the server-side copy sent through its pod: 0 when S3 did it all. */
  readonly copyTransferredBytes: number
  readonly lockedMilliseconds: number
  readonly withoutSnapshots: WithoutSnapshots
  readonly storageChanged: boolean
}

/** What a failed pipeline, restore or drill carries as the details of its failure. */
export const pipelineFailureDetailsSchema = once(() =>
  z
    .object({
      /** Absent where a restore had not found its backup yet. */
      backupId: backupIdSchema().optional(),
      /** Absent where it was cancelled between two steps. */
      failedStep: z.enum(ALL_STEPS).optional(),
      steps: z.array(stepReportSchema()).readonly(),
      undone: z.array(z.enum(UNDOS)).readonly(),
      notUndone: z.array(z.object({ name: z.enum(UNDOS), why: z.string() }).readonly()).readonly(),
      /** What an operator wanted left as it is, to be looked at. */
      kept: z.array(z.enum(UNDOS)).readonly().optional(),
      /** What an operator decided who was asked. */
      decision: z.enum(['undo', 'keep', 'nobodyAnswered']).optional(),
    })
    .readonly(),
)
export type PipelineFailureDetails = z.infer<ReturnType<typeof pipelineFailureDetailsSchema>>
