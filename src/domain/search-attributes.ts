/**
 * The search attributes of a pipeline. They have to be registered in Temporal's namespace before a worker starts: setting one
 * that is not there would hold a pipeline up for ever.
 */
export const SEARCH_ATTRIBUTES = {
  /** `<namespace>/<schema>`, or several schemas with commas between them. */
  database: 'HoldfastDatabase',
  /** The step that runs or was the last. */
  step: 'HoldfastStep',
  /** `running`, `waiting`, `asking`, `proven`, `done`, `failed` or `cancelled`. */
  outcome: 'HoldfastOutcome',
  /** Which backup is made or restored; of a database's proof, the one that was proven last. */
  backupId: 'HoldfastBackupId',
  /** The size of that backup, of one of its copies. */
  bytes: 'HoldfastBytes',
  /** Of a pipeline or a drill: whether it has proven its backup. Of a database's proof: whether there is one, young enough. */
  proven: 'HoldfastProven',
  /** Of a database's proof: when the last one was made. */
  provenAt: 'HoldfastProvenAt',
} as const
export type SearchAttributeName = (typeof SEARCH_ATTRIBUTES)[keyof typeof SEARCH_ATTRIBUTES]

/** What each of them holds, as `temporal operator search-attribute create --type` has it. */
export const SEARCH_ATTRIBUTE_TYPES: Readonly<Record<SearchAttributeName, 'Keyword' | 'Int' | 'Bool' | 'Datetime'>> = {
  HoldfastDatabase: 'Keyword',
  HoldfastStep: 'Keyword',
  HoldfastOutcome: 'Keyword',
  HoldfastBackupId: 'Keyword',
  HoldfastBytes: 'Int',
  HoldfastProven: 'Bool',
  HoldfastProvenAt: 'Datetime',
}

/** The same as Temporal's API counts them (`IndexedValueType`). */
const API_TYPES = { Keyword: 2, Int: 3, Bool: 5, Datetime: 6 } as const

/** Each search attribute with the number of its type in Temporal's API. */
export function searchAttributeApiTypes(): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(SEARCH_ATTRIBUTE_TYPES).map(([name, type]) => [name, API_TYPES[type]]))
}

/** The options of Temporal's dev server that register them at its start. */
export function searchAttributeOptions(): string[] {
  return Object.entries(SEARCH_ATTRIBUTE_TYPES).map(([name, type]) => `--search-attribute=${name}=${type}`)
}
