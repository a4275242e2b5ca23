import { mkdir, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { backupProofSchema, backupRecordSchema } from '../src/domain/backup-record.ts'

/** The JSON Schemas of docs/reference, by file name. */
export function referenceSchemas(): ReadonlyMap<string, string> {
  const schemas = { 'backup-record.schema.json': backupRecordSchema, 'backup-proof.schema.json': backupProofSchema }
  return new Map(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      `${JSON.stringify(z.toJSONSchema(schema), undefined, 2)}\n`,
    ]),
  )
}

if (import.meta.main) {
  await mkdir('docs/reference', { recursive: true })
  for (const [name, text] of referenceSchemas()) await writeFile(`docs/reference/${name}`, text)
}
