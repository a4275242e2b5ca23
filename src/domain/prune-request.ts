import { once } from 'es-toolkit/function/once'
import { z } from 'zod'
import { backupIdSchema, bucketNameSchema, namespaceSchema } from './names.ts'
import { retentionRuleSchema } from './retention.ts'

/** What a pruning is asked to do. */
export const pruneRequestSchema = once(() =>
  z.strictObject({
    /** Where its Job runs: one whose service account reaches the bucket. */
    namespace: namespaceSchema().prefault('s3-test'),
    bucket: bucketNameSchema(),
    rule: retentionRuleSchema(),
    /** Backups that are to be kept. */
    hold: z.array(backupIdSchema()).default([]),
    /** `plan` deletes nothing. */
    mode: z.enum(['plan', 'delete']).default('plan'),
  }),
)
export type PruneRequest = z.infer<ReturnType<typeof pruneRequestSchema>>

/** Says which field of a request for a pruning is wrong, and why. */
export class InvalidPruneError extends Error {
  override readonly name = 'InvalidPruneError'
}

/** @throws {InvalidPruneError} naming each field that is wrong */
export function parsePruneRequest(input: unknown): PruneRequest {
  const parsed = pruneRequestSchema().safeParse(input)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`)
  throw new InvalidPruneError(`The request is not valid.\n${lines.join('\n')}`)
}
