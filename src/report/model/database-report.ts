import type { BackupId } from '../../domain/names.ts'
import type { CatalogBackup } from '../report-facts.ts'
import type { Month } from './months.ts'
import type { Night } from './nights.ts'
import type { ProofState } from './proofs.ts'

/** Whether a database has a proof that is young enough: or that the last one is too old, or that there has never been one. */
export type Standing = 'proven' | 'late' | 'never'

/** All that the report says of a database. */
export interface DatabaseReport {
  /** `<namespace>/<schemas>`. */
  readonly name: string
  readonly standing: Standing
  /** How young a proof has to be. */
  readonly withinHours: number
  /** Null where there is no backup at all. */
  readonly last: LastBackup | null
  /** When the youngest of its proven backups became one. */
  readonly provenAt: Date | null
  readonly provenCount: number
  /** Oldest first. */
  readonly backups: readonly CatalogBackup[]
  /** Oldest first. */
  readonly nights: readonly Night[]
  /** Newest first. */
  readonly months: readonly Month[]
}

/** The backup of a database that began last. */
export interface LastBackup {
  readonly backupId: BackupId
  readonly startedAt: Date
  readonly state: ProofState
  readonly bytes: number
}
