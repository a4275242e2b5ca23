import { z } from 'zod'
import { backupOriginSchema, pipelineRunSchema } from '../../../src/domain/backup-record.ts'
import { byName } from '../../../src/domain/by-name.ts'
import { backupIdSchema, schemaNameSchema } from '../../../src/domain/names.ts'

/** A JSON text of a given shape. */
export function json<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: 'is not valid JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)
}

/** A whole number from a variable's text. */
export function wholeNumber(minimum: number, maximum: number) {
  return z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).pipe(z.int().min(minimum).max(maximum))
}

const bucketSchema = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no name of an S3 bucket')

/** Variables that several steps have in common. */
export const settings = {
  schema: schemaNameSchema,
  schemas: json(z.array(schemaNameSchema).min(1)),
  /** Which schema is restored into which. */
  schemaMapping: json(byName(schemaNameSchema, schemaNameSchema))
    .refine((mapping) => Object.keys(mapping).length > 0, 'names no schema')
    .refine((mapping) => Object.entries(mapping).every(([from, to]) => from !== to), 'restores a schema into itself')
    .refine(
      (mapping) => new Set(Object.values(mapping)).size === Object.keys(mapping).length,
      'restores two schemas into one',
    ),
  backupId: backupIdSchema,
  origin: json(backupOriginSchema),
  pipeline: json(pipelineRunSchema),
  bucket: bucketSchema,
  threads: wholeNumber(1, 64).prefault('4'),
}
