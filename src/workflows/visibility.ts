import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.ts'
import type { StepName } from '../domain/steps.ts'

const DATABASE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.database, SearchAttributeType.KEYWORD)
const STEP = defineSearchAttributeKey(SEARCH_ATTRIBUTES.step, SearchAttributeType.KEYWORD)
const OUTCOME = defineSearchAttributeKey(SEARCH_ATTRIBUTES.outcome, SearchAttributeType.KEYWORD)

/** What somebody works on. */
export interface Database {
  readonly namespace: string
  readonly schemas: readonly string[]
}

export type Outcome = 'running' | 'waiting' | 'asking' | 'proven' | 'failed' | 'cancelled'

/** What Temporal's lists and its UI show of a pipeline beside its history. */
export interface Visibility {
  begin(database: Database): void
  showStep(step: StepName): void
  showOutcome(outcome: Outcome): void
  /** @param markdown the current details on the workflow's page */
  showDetails(markdown: string): void
}

export const visibility: Visibility = {
  begin: ({ namespace, schemas }) =>
    upsertSearchAttributes([
      { key: DATABASE, value: `${namespace}/${schemas.join(',')}` },
      { key: OUTCOME, value: 'running' },
    ]),
  showStep: (step) => upsertSearchAttributes([{ key: STEP, value: step }]),
  showOutcome: (outcome) => upsertSearchAttributes([{ key: OUTCOME, value: outcome }]),
  showDetails: (markdown) => setCurrentDetails(markdown),
}

/** For the histories of pipelines that began before there were search attributes. */
export const noVisibility: Visibility = {
  begin: () => undefined,
  showStep: () => undefined,
  showOutcome: () => undefined,
  showDetails: () => undefined,
}
