import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import { type Database, databaseName } from '../../domain/database-name.ts'
import { DATABASE_PROOF, EXPECT_SIGNAL, proofIdOf } from '../../domain/database-proof.ts'
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.ts'
import { quoted } from '../../temporal/query-text.ts'
import { KEYS } from '../../temporal/search-attribute-keys.ts'
import { InputError } from '../input-error.ts'

/** Temporal takes no longer ids. */
const WORKFLOW_ID_BYTES = 1000

/** Whose proof is expected, and how young it has to be. */
export interface ExpectedProof {
  readonly database: Database
  readonly withinHours: number
  readonly taskQueue: string
}

/** @throws {InputError} where the database has too many schemas for a workflow of its own */
export function assertWatchable(database: Database): void {
  if (Buffer.byteLength(proofIdOf(database)) <= WORKFLOW_ID_BYTES) return
  throw new InputError('--schema: so many schemas have no room in one name: make a schedule for each part of them.')
}

/** Has a proven backup of a database expected from now on: a workflow watches over it, which may be there already. */
export async function expectProof(client: Client, { database, withinHours, taskQueue }: ExpectedProof): Promise<void> {
  const { namespace, schemas } = database
  await client.workflow.signalWithStart(DATABASE_PROOF, {
    taskQueue,
    workflowId: proofIdOf(database),
    args: [{ namespace, schemas, withinHours }],
    signal: EXPECT_SIGNAL,
    signalArgs: [{ withinHours }],
    // So that it is in the list before a worker has seen it.
    typedSearchAttributes: [
      { key: KEYS.database, value: databaseName(database) },
      { key: KEYS.proven, value: false },
    ],
    memo: { withinHours },
    staticSummary: `A proven backup of ${databaseName(database)} is expected`.slice(0, 200),
  })
}

/** Ends the expectation, unless another schedule backs up the same database. */
export async function endExpectation(client: Client, database: Database, scheduleId: string): Promise<void> {
  const query = `${SEARCH_ATTRIBUTES.database} = '${quoted(databaseName(database))}'`
  for await (const other of client.schedule.list({ query })) {
    if (other.scheduleId !== scheduleId) return
  }
  try {
    await client.workflow.getHandle(proofIdOf(database)).cancel()
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
}
