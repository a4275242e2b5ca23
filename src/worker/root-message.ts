/** What an error says, or what the innermost of its causes does: fetch's own "fetch failed" helps nobody. */
export function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.errors.length > 0) return rootMessage(error.errors[0])
  return error.cause === undefined ? error.message : rootMessage(error.cause)
}
