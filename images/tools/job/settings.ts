import { z } from 'zod'
import { backupOriginSchema, pipelineRunSchema } from '../../../src/domain/backup-record.ts'
import { byName } from '../../../src/domain/by-name.ts'
import { backupIdSchema, bucketNameSchema, schemaNameSchema } from '../../../src/domain/names.ts'
import { DATA_COPIES } from '../../../src/domain/restore-request.ts'

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

const schemaMapping = byName(schemaNameSchema(), schemaNameSchema())

/** Variables that several steps have in common. */
export const settings = {
  schema: schemaNameSchema(),
  schemas: json(z.array(schemaNameSchema()).min(1)),
  /** Which schema is restored into which. */
  schemaMapping: json(schemaMapping)
    .refine((mapping) => Object.keys(mapping).length > 0, 'names no schema')
    .refine(
      (mapping) => new Set(Object.values(mapping)).size === Object.keys(mapping).length,
      'restores two schemas into one',
    ),
  backupId: backupIdSchema(),
  /** Which copy of a backup is read. */
  copy: z.enum(DATA_COPIES).prefault('backup2'),
  /** By schema, the only tables that are restored. */
  tables: json(byName(schemaNameSchema(), z.array(z.string()).min(1))).prefault('{}'),
  purpose: z.enum(['proof', 'use']).prefault('proof'),
  origin: json(backupOriginSchema()),
  pipeline: json(pipelineRunSchema()),
  bucket: bucketNameSchema(),
  threads: wholeNumber(1, 64).prefault('4'),
}
