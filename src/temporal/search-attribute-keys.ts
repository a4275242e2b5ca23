import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.ts'

/** As the SDK wants them, each with the type that `SEARCH_ATTRIBUTE_TYPES` registers it with. */
export const KEYS = {
  database: defineSearchAttributeKey(SEARCH_ATTRIBUTES.database, SearchAttributeType.KEYWORD),
  step: defineSearchAttributeKey(SEARCH_ATTRIBUTES.step, SearchAttributeType.KEYWORD),
  outcome: defineSearchAttributeKey(SEARCH_ATTRIBUTES.outcome, SearchAttributeType.KEYWORD),
  backupId: defineSearchAttributeKey(SEARCH_ATTRIBUTES.backupId, SearchAttributeType.KEYWORD),
  bytes: defineSearchAttributeKey(SEARCH_ATTRIBUTES.bytes, SearchAttributeType.INT),
  proven: defineSearchAttributeKey(SEARCH_ATTRIBUTES.proven, SearchAttributeType.BOOL),
  provenAt: defineSearchAttributeKey(SEARCH_ATTRIBUTES.provenAt, SearchAttributeType.DATETIME),
}
