import { z } from 'zod'

/** What came of encrypting and decrypting with real keys. */
export const ageFindingsSchema = z.strictObject({
  /** What an encrypted file begins with. */
  header: z.string(),
  /** By what was read back, and how: whether it was what had been written. */
  isSame: z.record(z.string(), z.boolean()),
  /** By what was tried, how it failed. */
  failures: z.record(z.string(), z.strictObject({ type: z.string(), message: z.string() })),
  /** The identities that were used, which no failure may quote. */
  identities: z.array(z.string()).min(1),
})
export type AgeFindings = z.infer<typeof ageFindingsSchema>
