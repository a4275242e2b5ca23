import type { ListedProof } from '../catalog/list-proofs.ts'
import type { RecordSummary } from '../catalog/record-summary.ts'
import type { BackupProof } from '../domain/backup-record.ts'
import type { BackupId } from '../domain/names.ts'
import type { RetentionRule } from '../domain/retention.ts'

/** All that a report is made from. Nothing else is read for it. */
export interface ReportFacts {
  readonly bucket: string
  readonly madeAt: Date
  /** In which days begin, and times are told: a name of the IANA time zone database. */
  readonly timeZone: string
  /** For how long a proof counts where nobody has said otherwise. */
  readonly withinHours: number
  /** Oldest first. */
  readonly backups: readonly CatalogBackup[]
  /** Backups whose records cannot be relied on. */
  readonly damaged: readonly Damage[]
  /** The newest proofs that found a difference, newest first. */
  readonly differences: readonly Difference[]
  /** Null where Temporal was not asked. */
  readonly temporal: TemporalFacts | null
  readonly rules: readonly NamedRule[]
}

/** A backup of the catalog. */
export interface CatalogBackup extends RecordSummary {
  /** When its pipeline started. */
  readonly startedAt: Date
  /** Oldest first. */
  readonly proofs: readonly ListedProof[]
}

export interface Damage {
  readonly backupId: BackupId
  readonly why: string
}

/** What a proof says that found a backup different: the first differences, and how many there are. */
export type Difference = Pick<BackupProof, 'backupId' | 'provenAt' | 'differenceCount' | 'differences'>

/** What Temporal knows of workflows, for as long as it keeps those that have ended. */
export interface TemporalFacts {
  /** Temporal's, not Kubernetes'. */
  readonly namespace: string
  readonly taskQueue: string
  /** For how long a workflow that has ended is kept; null where Temporal does not say. */
  readonly keptDays: number | null
  readonly expected: readonly ExpectedProof[]
  /** Newest first. */
  readonly failures: readonly FailedWorkflow[]
  /** Newest first. */
  readonly restores: readonly TimedRestore[]
}

/** A database of which a proven backup is expected. */
export interface ExpectedProof {
  /** `<namespace>/<schemas>`. */
  readonly database: string
  readonly withinHours: number
}

/** A pipeline, a restore or a drill that failed, timed out or was terminated. */
export interface FailedWorkflow {
  readonly type: string
  readonly workflowId: string
  /** `<namespace>/<schemas>`; absent where it never said so. */
  readonly database?: string
  /** As Temporal has it: `FAILED`, `TIMED_OUT`, `TERMINATED`. */
  readonly status: string
  /** In which it was. */
  readonly step?: string
  readonly startedAt: Date
  readonly endedAt: Date
  readonly why: string
}

/** A drill, or a restore for use, that ended well. */
export interface TimedRestore {
  readonly type: string
  readonly workflowId: string
  readonly runId: string
  readonly database?: string
  readonly backupId?: string
  readonly startedAt: Date
  readonly endedAt: Date
  /** Of these the step `restore` alone; absent where its history was not read. */
  readonly restoreSeconds?: number
}

/** A rule by which backups are kept, and who has it. */
export interface NamedRule {
  /** As `the schedule tidy`. */
  readonly name: string
  readonly rule: RetentionRule
  /** Backups that are kept whatever the rule says. */
  readonly hold: readonly BackupId[]
}
