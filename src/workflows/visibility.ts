import type { SearchAttributePair } from '@temporalio/common'
import { patched, setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow'
import { type Database, databaseName } from '../domain/database-name.ts'
import type { BackupId } from '../domain/names.ts'
import type { StepName } from '../domain/steps.ts'
import { KEYS } from '../temporal/search-attribute-keys.ts'
import { countEnd } from './metrics.ts'
import { SHOWN_BACKUP } from './patches.ts'

export type Outcome = 'running' | 'waiting' | 'asking' | 'proven' | 'done' | 'failed' | 'cancelled'

/** Which backup a workflow is about, as far as it is known. */
export interface ShownBackup {
  readonly backupId?: BackupId
  /** Of one of its copies. */
  readonly bytes?: number
  /** Whose it is. */
  readonly database?: Database
}

/** What Temporal's lists and its UI show of a workflow beside its history. */
export interface Visibility {
  begin(shown: ShownBackup): void
  showStep(step: StepName): void
  showOutcome(outcome: Outcome): void
  /** Shows at the next step, or with the outcome. */
  noteBackup(shown: ShownBackup): void
  /** @param memo is added to what is there already */
  showMemo(memo: Readonly<Record<string, unknown>>): void
  /** @param markdown the current details on the workflow's page */
  showDetails(markdown: string): void
}

/**
 * @param proves whether a run of this workflow ends by saying whether a backup is proven
 * @param before what is shown of those that began before all was
 */
export function visibilityOf({
  proves,
  before,
}: {
  readonly proves: boolean
  readonly before: Visibility
}): Visibility {
  return patched(SHOWN_BACKUP) ? new FullVisibility(proves) : before
}

/** Sends what has come together meanwhile in one command. */
class FullVisibility implements Visibility {
  readonly #proves: boolean
  #noted: SearchAttributePair[] = []

  constructor(proves: boolean) {
    this.#proves = proves
  }

  begin(shown: ShownBackup): void {
    this.noteBackup(shown)
    this.showOutcome('running')
  }

  showStep(step: StepName): void {
    this.#show({ key: KEYS.step, value: step })
  }

  showOutcome(outcome: Outcome): void {
    if (isEnd(outcome)) countEnd(outcome)
    const proven = this.#proves ? [{ key: KEYS.proven, value: outcome === 'proven' }] : []
    this.#show({ key: KEYS.outcome, value: outcome }, ...proven)
  }

  noteBackup({ backupId, bytes, database }: ShownBackup): void {
    if (database) this.#noted.push({ key: KEYS.database, value: databaseName(database) })
    if (backupId !== undefined) this.#noted.push({ key: KEYS.backupId, value: backupId })
    if (bytes !== undefined) this.#noted.push({ key: KEYS.bytes, value: bytes })
  }

  showMemo(memo: Readonly<Record<string, unknown>>): void {
    upsertMemo(memo)
  }

  showDetails(markdown: string): void {
    setCurrentDetails(markdown)
  }

  #show(...pairs: readonly SearchAttributePair[]): void {
    upsertSearchAttributes([...this.#noted, ...pairs])
    this.#noted = []
  }
}

function isEnd(outcome: Outcome): outcome is Exclude<Outcome, 'running' | 'waiting' | 'asking'> {
  return outcome !== 'running' && outcome !== 'waiting' && outcome !== 'asking'
}

/** For the histories of workflows that began when lists showed only a database, a step and an outcome. */
export const stepVisibility: Visibility = {
  begin: ({ database }) =>
    upsertSearchAttributes([
      ...(database ? [{ key: KEYS.database, value: databaseName(database) }] : []),
      { key: KEYS.outcome, value: 'running' },
    ]),
  showStep: (step) => upsertSearchAttributes([{ key: KEYS.step, value: step }]),
  showOutcome: (outcome) => upsertSearchAttributes([{ key: KEYS.outcome, value: outcome }]),
  noteBackup: () => undefined,
  showMemo: () => undefined,
  showDetails: (markdown) => setCurrentDetails(markdown),
}

/** For the histories of pipelines that began before there were search attributes. */
export const noVisibility: Visibility = {
  begin: () => undefined,
  showStep: () => undefined,
  showOutcome: () => undefined,
  noteBackup: () => undefined,
  showMemo: () => undefined,
  showDetails: () => undefined,
}
