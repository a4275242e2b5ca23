import type { ProofResult } from '../../catalog/catalog-keys.ts'
import { databaseName } from '../../domain/database-name.ts'
import { randomPartOf } from '../../domain/names.ts'
import type { CatalogBackup, TimedRestore } from '../report-facts.ts'
import { drillProofsOf } from './proofs.ts'

/** Once that a backup was restored apart from the pipeline that made it. */
export interface Restore {
  readonly kind: 'drill' | 'restore'
  readonly database: string
  readonly backupId: string
  /** When it was compared; of a restore for use, when that ended. */
  readonly at: Date
  readonly result: ProofResult
  /** What it took; null where Temporal keeps its workflow no more. */
  readonly took: { readonly seconds: number; readonly restoreSeconds?: number } | null
}

/**
 * Drills and restores for use, newest first. The catalog keeps what a drill found for as long as the backup, Temporal what it took for
 * as long as it keeps workflows.
 */
export function restoresOf(backups: readonly CatalogBackup[], timed: readonly TimedRestore[]): Restore[] {
  const byRun = new Map(timed.map((each) => [randomPartOf(each.runId), each]))
  const drills = backups.flatMap((backup) =>
    drillProofsOf(backup).map(({ at, result, run }): Restore => {
      const known = byRun.get(run)
      return {
        kind: 'drill',
        database: databaseName(backup),
        backupId: backup.backupId,
        at,
        result,
        took: known ? tookOf(known) : null,
      }
    }),
  )
  const forUse = timed
    .filter(({ type }) => type === 'RestoreBackup')
    .map((each): Restore => {
      const { database = '', backupId = '', endedAt: at } = each
      return { kind: 'restore', database, backupId, at, result: 'equal', took: tookOf(each) }
    })
  return [...drills, ...forUse].toSorted((one, other) => other.at.getTime() - one.at.getTime())
}

function tookOf({ startedAt, endedAt, restoreSeconds }: TimedRestore) {
  const seconds = (endedAt.getTime() - startedAt.getTime()) / 1000
  return { seconds, ...(restoreSeconds !== undefined && { restoreSeconds }) }
}
