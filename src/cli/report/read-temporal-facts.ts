import type { Client } from '@temporalio/client'
import type { ExpectedProof, NamedRule, TemporalFacts } from '../../report/report-facts.ts'
import { readFailedWorkflows } from '../../temporal/failed-workflows.ts'
import { readKeptDays } from '../../temporal/kept-days.ts'
import { readPruneRules } from '../../temporal/prune-rules.ts'
import { readTimedRestores } from '../../temporal/timed-restores.ts'
import { listWatchedDatabases } from '../../temporal/watched-databases.ts'
import { InputError } from '../input-error.ts'
import { withSchedules } from '../schedule/with-schedules.ts'

interface FactsOfTemporal {
  readonly temporal: TemporalFacts
  readonly rules: NamedRule[]
}

/** What Temporal knows of a task queue's workflows, and which rules prune the bucket. @throws {Error} where nobody answers */
export async function readTemporalFacts(taskQueue: string, bucket: string): Promise<FactsOfTemporal> {
  try {
    return await withSchedules((client) => readFacts(client, taskQueue, bucket))
  } catch (error) {
    if (!(error instanceof Error) || error instanceof InputError) throw error
    throw new Error(`${error.message} For a report of the bucket alone, say --no-temporal.`, { cause: error })
  }
}

async function readFacts(client: Client, taskQueue: string, bucket: string): Promise<FactsOfTemporal> {
  const [keptDays, expected, failures, restores, rules] = await Promise.all([
    readKeptDays(client),
    readExpected(client, taskQueue),
    readFailedWorkflows(client, taskQueue),
    readTimedRestores(client, taskQueue),
    readPruneRules(client, bucket),
  ])
  return {
    temporal: { namespace: client.options.namespace, taskQueue, keptDays, expected, failures, restores },
    rules,
  }
}

async function readExpected(client: Client, taskQueue: string): Promise<ExpectedProof[]> {
  const expected: ExpectedProof[] = []
  for await (const { database, withinHours } of listWatchedDatabases(client, taskQueue)) {
    expected.push({ database, withinHours })
  }
  return expected
}
