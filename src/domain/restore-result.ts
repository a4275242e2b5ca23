import type { BackupId } from './names.ts'
import type { DataCopy } from './restore-request.ts'
import type { VerifyAnswer } from './step-answers.ts'

/** What a restore returns when it ends well: what came back, and is what was dumped. */
export interface RestoreResult extends Pick<VerifyAnswer, 'tableCount' | 'objectCount' | 'tables'> {
  readonly backupId: BackupId
  readonly bucket: string
  readonly copy: DataCopy
  /** Which schema was restored into which. */
  readonly schemas: Readonly<Record<string, string>>
  /** By exchanged schema, the one that keeps what it had; empty where nothing was exchanged. */
  readonly setAside: Readonly<Record<string, string>>
}
