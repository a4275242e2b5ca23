import { z } from 'zod'
import { backupIdSchema, namespaceSchema } from './names.ts'
import { retentionRuleSchema } from './retention.ts'

/** What a pruning is asked to do. */
export const pruneRequestSchema = z.strictObject({
  /** Where its Job runs: one whose service account reaches the bucket. */
  namespace: namespaceSchema.prefault('s3-test'),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no name of a bucket'),
  rule: retentionRuleSchema,
  /** Backups that are to be kept. */
  hold: z.array(backupIdSchema).default([]),
  /** `plan` deletes nothing. */
  mode: z.enum(['plan', 'delete']).default('plan'),
})
export type PruneRequest = z.infer<typeof pruneRequestSchema>
