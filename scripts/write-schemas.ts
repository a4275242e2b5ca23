import { mkdir, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { settingsSchema } from '../src/cli/settings/settings-schema.ts'
import { backupProofSchema, backupRecordSchema } from '../src/domain/backup-record.ts'
import { recordLike } from '../src/domain/by-name.ts'
import { cliReference } from './cli-reference.ts'

/** The files of docs/reference, by name: JSON Schemas, and what the command line takes. */
export function referenceFiles(): ReadonlyMap<string, string> {
  const schemas = {
    'backup-record.schema.json': backupRecordSchema,
    'backup-proof.schema.json': backupProofSchema,
    'holdfast.schema.json': settingsSchema,
  }
  const files = Object.entries(schemas).map(
    ([name, schema]) => [name, `${JSON.stringify(jsonSchemaOf(schema), undefined, 2)}\n`] as const,
  )
  return new Map([...files, ['cli.md', cliReference()]])
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
  for (const [name, text] of referenceFiles()) await writeFile(`docs/reference/${name}`, text)
}
