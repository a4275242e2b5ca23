import type { CatalogBackup } from '../report-facts.ts'
import type { Night } from './nights.ts'
import { proofStateOf } from './proofs.ts'

/** A month of a database in numbers: what its plots show, for who cannot see them. */
export interface Month {
  /** As 2026-01. */
  readonly month: string
  readonly nights: number
  /** Of these, the ones with a backup that is proven. */
  readonly provenNights: number
  readonly backups: number
  readonly provenBackups: number
  /** Of the month's backups, one copy of each; null where there are none. */
  readonly bytes: Range | null
  /** What dump, upload and copy took. */
  readonly seconds: Range | null
}

export interface Range {
  readonly least: number
  readonly most: number
}

/** Newest first. @param dayOf tells on which day a backup began */
export function monthsOf(
  nights: readonly Night[],
  backups: readonly CatalogBackup[],
  dayOf: (at: Date) => string,
): Month[] {
  const backupsByMonth = Map.groupBy(backups, ({ startedAt }) => monthOf(dayOf(startedAt)))
  const months = [...Map.groupBy(nights, ({ day }) => monthOf(day))].map(([month, nightsOfIt]) => {
    const own = backupsByMonth.get(month) ?? []
    return {
      month,
      nights: nightsOfIt.length,
      provenNights: nightsOfIt.filter(({ state }) => state === 'proven').length,
      backups: own.length,
      provenBackups: own.filter((backup) => proofStateOf(backup) === 'proven').length,
      bytes: rangeOf(own.map(({ bytes }) => bytes)),
      seconds: rangeOf(own.map(({ seconds }) => seconds)),
    }
  })
  return months.reverse()
}

function monthOf(day: string): string {
  return day.slice(0, '2026-01'.length)
}

function rangeOf(numbers: readonly number[]): Range | null {
  return numbers.length === 0 ? null : { least: Math.min(...numbers), most: Math.max(...numbers) }
}
