import type { Outcome } from '../../workflows/visibility.ts'

/** What the search attribute of that name may say of a pipeline. */
export const OUTCOMES = [
  'running',
  'waiting',
  'asking',
  'proven',
  'failed',
  'cancelled',
] as const satisfies readonly Outcome[]
