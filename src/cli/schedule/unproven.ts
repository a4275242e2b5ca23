import type { Client, WorkflowExecutionInfo } from '@temporalio/client'
import { z } from 'zod'
import {
  DEFAULT_PROVEN_WITHIN_HOURS,
  provenBackupSchema,
  provenUntil,
  WATCHED_QUERY,
} from '../../domain/database-proof.ts'
import { KEYS } from '../../temporal/search-attribute-keys.ts'
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

const memoSchema = z.object({
  withinHours: z.number().default(DEFAULT_PROVEN_WITHIN_HOURS),
  last: provenBackupSchema.optional(),
})

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
  for await (const execution of client.workflow.list({ query: WATCHED_QUERY })) {
    watched += 1
    const state = stateOf(execution)
    if ((provenUntil(state) ?? 0) > now) continue
    unproven.push({
      database: execution.typedSearchAttributes.get(KEYS.database) ?? execution.workflowId,
      withinHours: state.withinHours,
      ...(state.last && { provenAt: new Date(state.last.provenAt).toISOString(), backupId: state.last.backupId }),
    })
  }
  return { watched, unproven: unproven.toSorted((one, other) => one.database.localeCompare(other.database)) }
}

function stateOf({ memo }: WorkflowExecutionInfo): z.infer<typeof memoSchema> {
  return memoSchema.safeParse(memo ?? {}).data ?? { withinHours: DEFAULT_PROVEN_WITHIN_HOURS }
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
