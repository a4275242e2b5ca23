import type { html } from 'hono/html'

/** HTML of which every value that stands in it was escaped. */
export type Html = ReturnType<typeof html>

/** What all parts of the page tell times by. */
export interface PageContext {
  readonly now: Date
  /** A time as 2026-01-31 23:59, in the page's time zone. */
  readonly timeText: (at: Date) => string
}
