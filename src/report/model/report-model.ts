import { databaseName } from '../../domain/database-name.ts'
import type { CatalogBackup, ReportFacts } from '../report-facts.ts'
import { calendarDays } from './calendar-day.ts'
import { databaseKey } from './database-key.ts'
import type { DatabaseReport, LastBackup, Standing } from './database-report.ts'
import { monthsOf } from './months.ts'
import { nightsOf } from './nights.ts'
import { proofStateOf, provenAtOf } from './proofs.ts'
import { type Restore, restoresOf } from './restores.ts'
import { COPIES, type RuleSpace, spaceByRule } from './space-by-rule.ts'

const HOUR_MILLISECONDS = 3_600_000
const PIPELINE = 'BackupPipeline'

/** What the page shows. */
export interface Report
  extends Pick<ReportFacts, 'bucket' | 'madeAt' | 'timeZone' | 'damaged' | 'differences' | 'temporal'> {
  /** Those without a proof that is young enough first, then by name. */
  readonly databases: readonly DatabaseReport[]
  /** Newest first. */
  readonly restores: readonly Restore[]
  readonly rules: readonly RuleSpace[]
  readonly backupCount: number
  /** Of both copies of all of them. */
  readonly bytes: number
}

/** Makes of what was read what is shown. */
export function reportOf(facts: ReportFacts): Report {
  const { bucket, madeAt, timeZone, damaged, differences, temporal, backups } = facts
  return {
    ...{ bucket, madeAt, timeZone, damaged, differences, temporal },
    databases: databasesOf(facts),
    restores: restoresOf(backups, temporal?.restores ?? []),
    rules: facts.rules.map((rule) => spaceByRule(backups, rule, madeAt)),
    backupCount: backups.length,
    bytes: backups.reduce((sum, { bytes }) => sum + COPIES * bytes, 0),
  }
}

/** Those that have a backup, and those of which one is expected. */
function databasesOf(facts: ReportFacts): DatabaseReport[] {
  const { temporal, backups, timeZone, madeAt } = facts
  const byKey = Map.groupBy(backups, (backup) => databaseKey(databaseName(backup)))
  const pipelines = (temporal?.failures ?? []).filter(({ type }) => type === PIPELINE)
  const failuresByKey = Map.groupBy(pipelines, ({ database = '' }) => databaseKey(database))
  const expectedByKey = new Map(temporal?.expected.map((each) => [databaseKey(each.database), each]))
  const dayOf = calendarDays(timeZone)
  const today = dayOf(madeAt)
  const databases = [...new Set([...byKey.keys(), ...expectedByKey.keys()])].map((key): DatabaseReport => {
    const own = byKey.get(key) ?? []
    const withinHours = expectedByKey.get(key)?.withinHours ?? facts.withinHours
    const nights = nightsOf(own, failuresByKey.get(key) ?? [], today, dayOf)
    const provenAt = newestProofOf(own)
    return {
      name: key,
      standing: standingOf(provenAt, withinHours, madeAt),
      withinHours,
      last: lastBackupOf(own),
      provenAt,
      provenCount: own.filter((backup) => proofStateOf(backup) === 'proven').length,
      backups: own,
      nights,
      months: monthsOf(nights, own, dayOf),
    }
  })
  return databases.toSorted(worstFirst)
}

function newestProofOf(backups: readonly CatalogBackup[]): Date | null {
  const times = backups.flatMap((backup) => provenAtOf(backup)?.getTime() ?? [])
  return times.length === 0 ? null : new Date(Math.max(...times))
}

function standingOf(provenAt: Date | null, withinHours: number, now: Date): Standing {
  if (!provenAt) return 'never'
  return now.getTime() - provenAt.getTime() <= withinHours * HOUR_MILLISECONDS ? 'proven' : 'late'
}

function lastBackupOf(backups: readonly CatalogBackup[]): LastBackup | null {
  const last = backups.at(-1)
  if (!last) return null
  const { backupId, startedAt, bytes } = last
  return { backupId, startedAt, bytes, state: proofStateOf(last) }
}

function worstFirst(one: DatabaseReport, other: DatabaseReport): number {
  const order: readonly Standing[] = ['never', 'late', 'proven']
  return (
    order.indexOf(one.standing) - order.indexOf(other.standing) ||
    one.name.localeCompare(other.name, 'en', { numeric: true })
  )
}
