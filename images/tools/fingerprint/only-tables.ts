import type { Fingerprint } from './fingerprint.ts'

/** What a fingerprint says of the objects beside tables. */
export function onlyObjects(fingerprint: Fingerprint): Fingerprint {
  const schemas = Object.entries(fingerprint.schemas).map(([name, schema]) => [name, { ...schema, tables: {} }])
  return { ...fingerprint, schemas: Object.fromEntries(schemas) }
}

/**
 * What a fingerprint says of a part of what it was taken of: of a schema that is named, these tables and no other object.
 *
 * @param tables by schema. Of a schema that is not named, all stays
 */
export function onlyTables(fingerprint: Fingerprint, tables: Readonly<Record<string, readonly string[]>>): Fingerprint {
  const schemas = Object.entries(fingerprint.schemas).map(([name, schema]) => {
    const chosen = tables[name]
    if (!chosen) return [name, schema]
    const kept = Object.entries(schema.tables).filter(([table]) => chosen.includes(table))
    return [name, { ...schema, tables: Object.fromEntries(kept), objects: [] }]
  })
  return { ...fingerprint, schemas: Object.fromEntries(schemas) }
}
