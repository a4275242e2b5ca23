import type { Client, WorkflowExecutionInfo } from '@temporalio/client'
import { z } from 'zod'
import {
  DEFAULT_PROVEN_WITHIN_HOURS,
  type ProvenBackup,
  provenBackupSchema,
  provenUntil,
  WATCHED_QUERY,
} from '../domain/database-proof.ts'
import { quoted } from './query-text.ts'
import { KEYS } from './search-attribute-keys.ts'

/** A database of which a proven backup is expected, as its workflow `DatabaseProof` says in Temporal's list. */
export interface WatchedDatabase {
  /** `<namespace>/<schemas>`. */
  readonly database: string
  readonly withinHours: number
  /** Since when one is expected; with a long row of proofs, since its workflow was continued last. */
  readonly since: Date
  /** Absent where there has never been one. */
  readonly last?: ProvenBackup
}

const memoSchema = z.object({
  withinHours: z.number().default(DEFAULT_PROVEN_WITHIN_HOURS),
  last: provenBackupSchema().optional(),
})

/** Lists them. @param taskQueue only those whose workers take from there */
export async function* listWatchedDatabases(client: Client, taskQueue?: string): AsyncGenerator<WatchedDatabase> {
  const query = taskQueue === undefined ? WATCHED_QUERY : `${WATCHED_QUERY} AND TaskQueue = '${quoted(taskQueue)}'`
  for await (const execution of client.workflow.list({ query })) {
    const { withinHours, last } = stateOf(execution)
    const database = execution.typedSearchAttributes.get(KEYS.database) ?? execution.workflowId
    yield { database, withinHours, since: execution.startTime, ...(last && { last }) }
  }
}

/** By when a proven backup has to be there, in milliseconds since 1970. Of a database that is new, the first one is waited for. */
export function proofDueAt({ withinHours, since, last }: WatchedDatabase): number {
  return provenUntil({ withinHours, last }) ?? since.getTime() + withinHours * 3_600_000
}

function stateOf({ memo }: WorkflowExecutionInfo): z.infer<typeof memoSchema> {
  return memoSchema.safeParse(memo ?? {}).data ?? { withinHours: DEFAULT_PROVEN_WITHIN_HOURS }
}
