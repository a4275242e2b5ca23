import type { CatalogBackup, FailedWorkflow } from '../report-facts.ts'
import { type CalendarDay, type calendarDays, daysBetween } from './calendar-day.ts'
import { type ProofState, proofStateOf } from './proofs.ts'

/** What became of a database in a night. The best there is counts: a second, unproven backup takes nothing away from a proven one. */
export type NightState = ProofState | 'failed' | 'missing'

/** A day and what of it there is. The night that begins in the evening and the one that ends in the morning count by when the backup began. */
export interface Night {
  readonly day: CalendarDay
  readonly state: NightState
}

const BEST_FIRST: readonly NightState[] = ['proven', 'different', 'unproven', 'failed', 'missing']

/**
 * The nights of a database, from the first of which something is known to this one.
 *
 * @param failures of the pipelines of this database
 */
export function nightsOf(
  backups: readonly CatalogBackup[],
  failures: readonly FailedWorkflow[],
  today: CalendarDay,
  dayOf: ReturnType<typeof calendarDays>,
): Night[] {
  const states = new Map<CalendarDay, NightState>()
  const note = (day: CalendarDay, state: NightState) => {
    const known = states.get(day) ?? 'missing'
    if (BEST_FIRST.indexOf(state) < BEST_FIRST.indexOf(known)) states.set(day, state)
  }
  for (const backup of backups) note(dayOf(backup.startedAt), proofStateOf(backup))
  for (const { startedAt } of failures) note(dayOf(startedAt), 'failed')
  const [first = today] = [...states.keys()].toSorted()
  return daysBetween(first, today).map((day) => ({ day, state: states.get(day) ?? 'missing' }))
}
