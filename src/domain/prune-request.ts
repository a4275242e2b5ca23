import { z } from 'zod'
import { backupIdSchema, bucketNameSchema, namespaceSchema } from './names.ts'
import { retentionRuleSchema } from './retention.ts'

/** What a pruning is asked to do. */
export const pruneRequestSchema = z.strictObject({
  /** Where its Job runs: one whose service account reaches the bucket. */
  namespace: namespaceSchema.prefault('s3-test'),
  bucket: bucketNameSchema,
  rule: retentionRuleSchema,
  /** Backups that are to be kept. */
  hold: z.array(backupIdSchema).default([]),
  /** `plan` deletes nothing. */
  mode: z.enum(['plan', 'delete']).default('plan'),
})
export type PruneRequest = z.infer<typeof pruneRequestSchema>
