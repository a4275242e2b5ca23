import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { settingsSchema } from '../src/cli/settings/settings-schema.ts'
import { backupProofSchema, backupRecordSchema } from '../src/domain/backup-record.ts'
import { recordLike } from '../src/domain/by-name.ts'
import { cliReference } from './cli-reference.ts'
import { metricsReference } from './metrics-reference.ts'
import { prometheusRule } from './prometheus-rule.ts'

/** The files that are written from the code, by path: JSON Schemas, what the command line takes, the metrics, and rules. */
export async function referenceFiles(): Promise<ReadonlyMap<string, string>> {
  const schemas = {
    'backup-record.schema.json': backupRecordSchema(),
    'backup-proof.schema.json': backupProofSchema(),
    'holdfast.schema.json': settingsSchema,
  }
  const files = Object.entries(schemas).map(
    ([name, schema]) => [`docs/reference/${name}`, `${JSON.stringify(jsonSchemaOf(schema), undefined, 2)}\n`] as const,
  )
  return new Map([
    ...files,
    ['docs/reference/cli.md', cliReference()],
    ['docs/reference/metrics.md', metricsReference()],
    ['manifests/monitoring/prometheus-rule.yaml', await prometheusRule()],
  ])
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
  for (const [path, text] of await referenceFiles()) await writeFile(path, text)
}
