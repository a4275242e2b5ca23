import type { SearchAttributeUpdatePair } from '@temporalio/common'
import {
  ApplicationFailure,
  condition,
  continueAsNew,
  log,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import { z } from 'zod'
import { databaseName } from '../domain/database-name.ts'
import {
  type DatabaseProofRequest,
  databaseProofRequestSchema,
  type Expectation,
  expectationSchema,
  type ProvenBackup,
  provenBackupSchema,
  provenUntil,
} from '../domain/database-proof.ts'
import { KEYS } from '../temporal/search-attribute-keys.ts'
import { announce } from './announce.ts'
import { expectSignal, provenSignal } from './messages.ts'

/** About a month of nights. Then it goes on as a new run, by the code of that day. */
const EVENTS_OF_A_RUN = 400

/**
 * Watches over a database of which a proven backup is expected, for as long as one is: `holdfast schedule create backup` starts it. Its
 * search attribute `HoldfastProven` is true while the last proof is young enough and becomes false by itself when it is not: so that a
 * list of these workflows answers which databases have none. Then it is told, too. It does nothing else.
 *
 * @param input a `DatabaseProofRequest`
 * @throws {ApplicationFailure} `InvalidRequest`
 */
export async function DatabaseProof(input: unknown): Promise<never> {
  const parsed = databaseProofRequestSchema().safeParse(input)
  if (!parsed.success) throw ApplicationFailure.nonRetryable(z.prettifyError(parsed.error), 'InvalidRequest')
  const watch = new ProofWatch(parsed.data)
  while (workflowInfo().historyLength < EVENTS_OF_A_RUN) await watch.untilNext()
  return await continueAsNew(watch.state)
}

class ProofWatch {
  state: DatabaseProofRequest
  #changed = false

  constructor(request: DatabaseProofRequest) {
    this.state = request
    setHandler(provenSignal, (input) => this.#take(provenBackupSchema(), input, (last) => this.#proven(last)))
    setHandler(expectSignal, (input) => this.#take(expectationSchema(), input, (expected) => this.#expect(expected)))
  }

  /** Shows how it is, and returns when that is no longer so. */
  async untilNext(): Promise<void> {
    const left = (provenUntil(this.state) ?? 0) - Date.now()
    this.#show(left > 0)
    this.#changed = false
    const changed = () => this.#changed
    if (left <= 0) await condition(changed)
    else await this.#untilTooOld(changed, left)
  }

  /** @param left milliseconds */
  async #untilTooOld(changed: () => boolean, left: number): Promise<void> {
    const { last, withinHours } = this.state
    const inTime = await condition(changed, left, { summary: `until the proof of ${last?.backupId} is too old` })
    if (!inTime && last) await announce({ event: 'unproven', withinHours, provenAt: last.provenAt }, last.backupId)
  }

  #proven(last: ProvenBackup): void {
    // Those that two pipelines send may arrive in any order.
    if (last.provenAt >= (this.state.last?.provenAt ?? 0)) this.state = { ...this.state, last }
  }

  #expect({ withinHours }: Expectation): void {
    this.state = { ...this.state, withinHours }
  }

  /** What is not understood changes nothing: it would hold the workflow up otherwise. */
  #take<Schema extends z.ZodType>(schema: Schema, input: unknown, use: (value: z.output<Schema>) => void): void {
    const parsed = schema.safeParse(input)
    if (parsed.success) {
      use(parsed.data)
      this.#changed = true
    } else log.warn('A signal was not understood', { why: z.prettifyError(parsed.error) })
  }

  #show(proven: boolean): void {
    const { last, withinHours } = this.state
    const backup: SearchAttributeUpdatePair[] = last
      ? [
          { key: KEYS.provenAt, value: new Date(last.provenAt) },
          { key: KEYS.backupId, value: last.backupId },
          { key: KEYS.bytes, value: last.bytes },
        ]
      : []
    const database = { key: KEYS.database, value: databaseName(this.state) }
    upsertSearchAttributes([database, { key: KEYS.proven, value: proven }, ...backup])
    upsertMemo({ withinHours, ...(last && { last }) })
    setCurrentDetails(detailsOf(this.state, proven))
  }
}

/** For the workflow's page in Temporal's UI. */
function detailsOf(state: DatabaseProofRequest, proven: boolean): string {
  const { last, withinHours } = state
  const title = proven
    ? `\`${databaseName(state)}\` has a proven backup`
    : `**\`${databaseName(state)}\` has no proven backup of the last ${withinHours} hours**`
  const which = last
    ? `The last one is \`${last.backupId}\`, proven at ${new Date(last.provenAt).toISOString()} by the workflow \`${last.workflowId}\`.`
    : 'None has been proven since it is expected.'
  return `${title}\n\n${which}\n\nOne is expected every ${withinHours} hours.`
}
