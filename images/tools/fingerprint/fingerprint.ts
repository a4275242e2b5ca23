import { z } from 'zod'
import { byName } from '../../../src/domain/by-name.ts'
import { OBJECT_KINDS } from '../../../src/domain/step-answers.ts'

export type ObjectKind = (typeof OBJECT_KINDS)[number]

const tableFingerprintSchema = z.strictObject({
  rows: z.int().nonnegative(),
  checksum: z.string(),
  /** As `SHOW CREATE TABLE` has it, but for the counter of AUTO_INCREMENT. */
  definition: z.string(),
  /** What the next row gets at least, in decimal; null for a table without such a column. */
  autoIncrement: z.string().regex(/^\d+$/).nullable(),
})

const objectFingerprintSchema = z.strictObject({
  kind: z.enum(OBJECT_KINDS),
  name: z.string(),
  /** As `SHOW CREATE` has it, but for its definer, an event's status, and the schema in a trigger's head. */
  definition: z.string(),
  /** Under which MySQL reads its text, and for a trigger when it fires among others. */
  settings: z.record(z.string(), z.string()),
  /** As SQL has it: `` `user`@`host` ``. */
  definer: z.string(),
  /** Of an event; null for others. */
  status: z.string().nullable(),
})

const schemaFingerprintSchema = z.strictObject({
  characterSet: z.string(),
  collation: z.string(),
  tables: byName(z.string(), tableFingerprintSchema),
  objects: z.array(objectFingerprintSchema),
})

/** What must be equal after a restore: rows and definitions as they were in the dump's own snapshot. */
export const fingerprintSchema = z.strictObject({
  version: z.literal(2),
  schemas: byName(z.string(), schemaFingerprintSchema),
})

export type TableFingerprint = z.infer<typeof tableFingerprintSchema>
export type ObjectFingerprint = z.infer<typeof objectFingerprintSchema>
export type SchemaFingerprint = z.infer<typeof schemaFingerprintSchema>
export type Fingerprint = z.infer<typeof fingerprintSchema>
