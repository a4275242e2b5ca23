/** A value in a query of Temporal's lists. */
export function quoted(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
}
