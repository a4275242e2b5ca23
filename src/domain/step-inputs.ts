import type { Accounts, BackupRequest, SampleData, Staging } from './backup-request.ts'
import type { StepReport } from './backup-result.ts'
import type { ProvenBackup } from './database-proof.ts'
import type { DoctorActivities } from './doctor-activities.ts'
import type { Encryption } from './encryption.ts'
import type { EngineName } from './engines.ts'
import type { JobLimits } from './job-limits.ts'
import type { MysqlServer } from './mysql-server.ts'
import type { BackupId, Namespace, SchemaName } from './names.ts'
import type { NotifyActivities } from './notification.ts'
import type { PendingJobs } from './progress.ts'
import type { PruneRequest } from './prune-request.ts'
import type { DataCopy, RestoreRequest } from './restore-request.ts'
import type * as answers from './step-answers.ts'
import type { StepResult } from './steps.ts'

/** How a step's Jobs are run. */
export interface JobPolicy {
  /** How many Jobs the step may have in all. */
  readonly maximumTries: number
  /** In place of what the manifest says. */
  readonly limits?: JobLimits
  /** How often an operator has had the step run once more: each time its tries are counted anew. Absent means never. */
  readonly round?: number
}

/** What every activity of a pipeline is told. */
export interface StepInput extends JobPolicy {
  readonly namespace: Namespace
}

export interface DeployMysqlInput extends StepInput {
  /** Those that will be backed up, whose size is asked for. Absent: of none. */
  readonly schemas?: readonly SchemaName[]
}

export interface LoadSampleDataInput extends DeployMysqlInput {
  readonly sampleData: SampleData
  readonly threads: number
}

export interface DumpInput extends StepInput {
  readonly backupId: BackupId
  readonly schemas: readonly SchemaName[]
  readonly threads: number
  /** Absent: what the worker has by default. */
  readonly engine?: EngineName
  /** Absent: they are left. */
  readonly accounts?: Accounts
  /** Absent: none. */
  readonly encryption?: Encryption
  /** How large the schemas were when they were last asked for; absent where nobody has. */
  readonly databaseBytes?: number
}

export interface BackupInput extends StepInput {
  readonly backupId: BackupId
  readonly bucket: string
}

export interface DumpAndUploadInput extends BackupInput, Omit<DumpInput, 'databaseBytes'> {
  readonly staging: Exclude<Staging, 'volume'>
}

export interface CopyInput extends BackupInput {
  /** As it was checked at the door. */
  readonly request: BackupRequest
  /** Those that are done. */
  readonly steps: readonly StepReport[]
}

/**
 * What restored schemas are for. Those of a `proof` are made anew by the next one. Those for `use` are never touched again: a restore
 * that would write into one of them, or into any other that is there, is refused.
 */
export type RestorePurpose = 'proof' | 'use'

/** Which MySQL is written to, and for what. */
interface RestoreTarget {
  /** Absent: the namespace's own. */
  readonly server?: MysqlServer
  /** Absent: for a proof. */
  readonly purpose?: RestorePurpose
}

export interface RestoreInput extends BackupInput, RestoreTarget {
  /** Which schema is restored into which. */
  readonly schemaMapping: Readonly<Record<SchemaName, SchemaName>>
  readonly threads: number
  /** Absent: the server-side copy. */
  readonly copy?: DataCopy
  /** What dumped the backup. Absent: `mysqldump`. */
  readonly engine?: EngineName
  /** By schema, the only tables that are restored. Of a schema that is not named, all is. */
  readonly tables?: Readonly<Record<SchemaName, readonly string[]>>
}

export interface DropRestoredInput extends StepInput, RestoreTarget {
  readonly schemas: readonly SchemaName[]
}

export interface FindBackupInput extends StepInput, Pick<RestoreRequest, 'bucket' | 'backup'> {
  /** Of which database `latest` is the latest. */
  readonly backupOf: Namespace
  /** Which it must hold. */
  readonly schemas: readonly SchemaName[]
}

/** Schemas that are exchanged for those that were restored beside them. */
export interface SwapInput extends BackupInput, Pick<RestoreTarget, 'server'> {
  readonly copy: DataCopy
  /** Which schema of the backup takes the place of which. */
  readonly schemaMapping: Readonly<Record<SchemaName, SchemaName>>
}

export interface DeployScratchInput extends StepInput {
  /** As a quantity of Kubernetes'. */
  readonly storage: string
}

export interface ReleaseStagingInput {
  readonly namespace: Namespace
  readonly backupId: BackupId
  /** Whether the Jobs that failed stay, with their logs: they hold the volume as long. `keep` unless said otherwise. */
  readonly failedJobs?: 'keep' | 'delete'
}

/** The steps of a pipeline as activities. Each follows one Job. */
export interface StepActivities {
  provision(input: StepInput): Promise<StepResult<answers.ProvisionAnswer>>
  deployMysql(input: DeployMysqlInput): Promise<StepResult<answers.DeployMysqlAnswer>>
  loadSampleData(input: LoadSampleDataInput): Promise<StepResult<answers.LoadSampleDataAnswer>>
  dump(input: DumpInput): Promise<StepResult<answers.DumpAnswer>>
  upload(input: BackupInput): Promise<StepResult<answers.UploadAnswer>>
  /** `dump` and `upload` in one Job. */
  dumpAndUpload(input: DumpAndUploadInput): Promise<StepResult<answers.DumpAndUploadAnswer>>
  copy(input: CopyInput): Promise<StepResult<answers.CopyAnswer>>
  restore(input: RestoreInput): Promise<StepResult<answers.RestoreAnswer>>
  verify(input: RestoreInput): Promise<StepResult<answers.VerifyAnswer>>
}

/** What takes back a step, and what ends a pipeline. All of them may run again, and on what was never made. */
export interface UndoActivities {
  /** Deletes this pipeline's Jobs that still run: nothing is taken back while it is being made. */
  stopJobs(input: { readonly namespaces: readonly Namespace[] }): Promise<void>
  removeMysql(input: StepInput): Promise<void>
  releaseStaging(input: ReleaseStagingInput): Promise<void>
  deleteUpload(input: BackupInput): Promise<void>
  deleteCopy(input: BackupInput): Promise<void>
  dropRestored(input: DropRestoredInput): Promise<void>
}

/** What a clean-up returns. */
export interface CleanupResult {
  /** As `kind/name`. */
  readonly removed: readonly string[]
}

export interface CleanupActivities {
  /** Deletes what Holdfast made in a namespace, and the namespace itself where Holdfast made it. */
  removeResources(input: { readonly namespace: Namespace }): Promise<CleanupResult>
}

/** What a restore and a drill do beside the steps that they share with a pipeline. */
export interface RestoreActivities {
  findBackup(input: FindBackupInput): Promise<StepResult<answers.FindBackupAnswer>>
  /** Deploys a MySQL that is there for nothing but this run. */
  deployScratch(input: DeployScratchInput): Promise<StepResult<answers.DeployMysqlAnswer>>
  /** Exchanges schemas for restored ones, each in one step. */
  swap(input: SwapInput): Promise<StepResult<answers.SwapAnswer>>
  /** Makes them again what they were. */
  swapBack(input: SwapInput): Promise<void>
  /** Removes it with all its data. */
  removeScratch(input: StepInput): Promise<void>
}

export interface PruneActivities {
  /** Decides by rule which backups of a bucket stay, and deletes the others if told to. */
  pruneBackups(input: PruneRequest & JobPolicy): Promise<StepResult<answers.PruneBackupsAnswer>>
}

export interface ProgressActivities {
  /** What the pipeline that asks waits for. */
  readPendingJobs(): Promise<PendingJobs>
}

export interface PauseScheduleInput {
  readonly scheduleId: string
  readonly failuresInARow: number
  /** Why the last one failed. */
  readonly why: string
}

export interface TellProofInput {
  /** Of the workflow that watches over the database. */
  readonly workflowId: string
  readonly proof: ProvenBackup
}

/** What workflows tell Temporal of each other. */
export interface ScheduleActivities {
  /** Pauses the schedule that has started the workflow which asks, with a note; one that is paused is left as it is. */
  pauseSchedule(input: PauseScheduleInput): Promise<{ readonly paused: boolean }>
  /** Tells a database's proof of a new one. There may be none, where nobody expects one. */
  tellProof(input: TellProofInput): Promise<{ readonly told: boolean }>
}

export type Activities = StepActivities &
  RestoreActivities &
  UndoActivities &
  CleanupActivities &
  PruneActivities &
  DoctorActivities &
  ProgressActivities &
  ScheduleActivities &
  NotifyActivities
