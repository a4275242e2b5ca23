import { objectByName } from '../../../src/domain/by-name.ts'
import type { Fingerprint, SchemaFingerprint } from './fingerprint.ts'

/** What a fingerprint says of the objects beside tables. */
export function onlyObjects(fingerprint: Fingerprint): Fingerprint {
  return mapSchemas(fingerprint, (_, schema) => ({ ...schema, tables: objectByName<string, never>([]) }))
}

/**
 * What a fingerprint says of a part of what it was taken of: of a schema that is named, these tables and no other object.
 *
 * @param tables by schema. Of a schema that is not named, all stays
 */
export function onlyTables(fingerprint: Fingerprint, tables: Readonly<Record<string, readonly string[]>>): Fingerprint {
  return mapSchemas(fingerprint, (name, schema) => {
    const chosen = tables[name]
    if (!chosen) return schema
    const kept = Object.entries(schema.tables).filter(([table]) => chosen.includes(table))
    return { ...schema, tables: objectByName(kept), objects: [] }
  })
}

function mapSchemas(
  fingerprint: Fingerprint,
  change: (name: string, schema: SchemaFingerprint) => SchemaFingerprint,
): Fingerprint {
  const schemas = Object.entries(fingerprint.schemas).map(([name, schema]) => [name, change(name, schema)] as const)
  return { ...fingerprint, schemas: objectByName(schemas) }
}
