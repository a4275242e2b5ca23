/**
 * The search attributes of a pipeline, each of type Keyword. They have to be registered in Temporal's namespace before a
 * worker starts: setting one that is not there would hold a pipeline up for ever.
 */
export const SEARCH_ATTRIBUTES = {
  /** `<namespace>/<schema>`, or several schemas with commas between them. */
  database: 'HoldfastDatabase',
  /** The step that runs or was the last. */
  step: 'HoldfastStep',
  /** `running`, `waiting`, `asking`, `proven`, `failed` or `cancelled`. */
  outcome: 'HoldfastOutcome',
} as const
