import { mkdir, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { backupProofSchema, backupRecordSchema } from '../src/domain/backup-record.ts'
import { recordLike } from '../src/domain/by-name.ts'

/** The JSON Schemas of docs/reference, by file name. */
export function referenceSchemas(): ReadonlyMap<string, string> {
  const schemas = { 'backup-record.schema.json': backupRecordSchema, 'backup-proof.schema.json': backupProofSchema }
  return new Map(
    Object.entries(schemas).map(([name, schema]) => [name, `${JSON.stringify(jsonSchemaOf(schema), undefined, 2)}\n`]),
  )
}

function jsonSchemaOf(schema: z.ZodType): object {
  return z.toJSONSchema(schema, {
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const record = recordLike(zodSchema)
      if (!record) return
      const { $schema: _, ...like } = z.toJSONSchema(record)
      Object.assign(jsonSchema, like)
    },
  })
}

if (import.meta.main) {
  await mkdir('docs/reference', { recursive: true })
  for (const [name, text] of referenceSchemas()) await writeFile(`docs/reference/${name}`, text)
}
