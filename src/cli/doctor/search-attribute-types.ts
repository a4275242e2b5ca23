import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.ts'

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
const KEYWORD = 2

/** What each search attribute holds, as `temporal operator search-attribute create --type` has it. */
export const SEARCH_ATTRIBUTE_TYPES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(SEARCH_ATTRIBUTES).map((name) => [name, 'Keyword']),
)

/** Each search attribute with the number of its type in Temporal's API. */
export function searchAttributeApiTypes(): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.keys(SEARCH_ATTRIBUTE_TYPES).map((name) => [name, KEYWORD]))
}
