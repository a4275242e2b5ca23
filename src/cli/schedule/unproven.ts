import type { Client } from '@temporalio/client'
import { provenUntil } from '../../domain/database-proof.ts'
import { listWatchedDatabases } from '../../temporal/watched-databases.ts'
import { columns } from '../columns.ts'
import { print, printJson, say } from '../print.ts'
import { durationText } from './durations.ts'
import { withSchedules } from './with-schedules.ts'

/** A database without a proven backup that is young enough. */
export interface Unproven {
  readonly database: string
  readonly withinHours: number
  /** Absent where there has never been one. */
  readonly provenAt?: string
  readonly backupId?: string
}

const FAILED = 1
const HOUR_MILLISECONDS = 3_600_000

/**
 * `holdfast schedule unproven`: the databases of which a proven backup is expected and that have none. Exit code 1 where there are some.
 * It compares the times itself: the search attribute is turned by a worker, and there may be none.
 */
export async function listUnproven({ output }: { readonly output: 'table' | 'json' }): Promise<void> {
  const { watched, unproven } = await withSchedules((client) => readUnproven(client, Date.now()))
  if (output === 'json') printJson(unproven)
  else if (unproven.length > 0) print(unprovenTable(unproven))
  say(`${unproven.length} of ${watched} databases have no proven backup that is young enough.`)
  if (unproven.length > 0) process.exitCode = FAILED
}

/** @param now in milliseconds since 1970 */
export async function readUnproven(client: Client, now: number): Promise<{ watched: number; unproven: Unproven[] }> {
  const unproven: Unproven[] = []
  let watched = 0
  for await (const { database, withinHours, last } of listWatchedDatabases(client)) {
    watched += 1
    if ((provenUntil({ withinHours, last }) ?? 0) > now) continue
    unproven.push({
      database,
      withinHours,
      ...(last && { provenAt: new Date(last.provenAt).toISOString(), backupId: last.backupId }),
    })
  }
  return { watched, unproven: unproven.toSorted((one, other) => one.database.localeCompare(other.database)) }
}

/** A line for each, for a person. */
export function unprovenTable(unproven: readonly Unproven[]): string {
  const rows = unproven.map(({ database, withinHours, provenAt, backupId }) => [
    database,
    provenAt ?? 'never',
    backupId ?? '-',
    durationText(withinHours * HOUR_MILLISECONDS),
  ])
  return columns([['database', 'last proven', 'backup', 'expected within'], ...rows])
}
