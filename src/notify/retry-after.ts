/** Between these two, in milliseconds, a server may say when it wants to be asked again. */
const SHORTEST = 1000
const LONGEST = 3_600_000

/**
 * When a server wants to be asked again: a number of seconds, or a date (RFC 9110, 10.2.3).
 *
 * @returns milliseconds from now, within bounds; undefined where it does not say
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1000 : dateOf(header) - now
  return Number.isNaN(milliseconds) ? undefined : Math.min(Math.max(milliseconds, SHORTEST), LONGEST)
}

/** Not all that JavaScript takes for a date is one. */
function dateOf(header: string): number {
  return header.endsWith(' GMT') ? Date.parse(header) : Number.NaN
}
