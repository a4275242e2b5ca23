import { z } from 'zod'
import { differenceSchema } from '../../../src/domain/step-answers.ts'

/** What one dump under writes came to. */
export const roundSchema = z.strictObject({
  lockedMilliseconds: z.number(),
  /** That came back, or should have. */
  tables: z.number(),
  /** With rows. */
  files: z.number(),
  /** Between the dump's fingerprint and what was restored from it. */
  differences: z.array(differenceSchema()).readonly(),
  /** Tables that a fingerprint taken right after the dump finds changed: without any, the round has proven nothing. */
  tablesWrittenSince: z.number(),
})
export type Round = z.infer<typeof roundSchema>
