import { z } from 'zod'
import type { TableComparison } from '../../../src/domain/step-answers.ts'
import type { Connection } from '../mysql/connection.ts'
import { inParallel } from '../mysql/parallel.ts'
import { checksumTable, countRows } from '../mysql/tables.ts'

const tableFingerprintSchema = z.strictObject({ rows: z.int().nonnegative(), checksum: z.string() })

/** What must be equal after a restore, taken in the dump's own snapshot. */
export const fingerprintSchema = z.strictObject({
  version: z.literal(1),
  schemas: z.record(z.string(), z.strictObject({ tables: z.record(z.string(), tableFingerprintSchema) })),
})

export type TableFingerprint = z.infer<typeof tableFingerprintSchema>
export type Fingerprint = z.infer<typeof fingerprintSchema>
/** A table by the schema it is in. */
export interface TableName {
  readonly schema: string
  readonly table: string
}

/** Counts and sums up tables by several connections at once, as the transaction of each sees them. */
export async function takeFingerprint(
  connections: readonly Connection[],
  schemas: readonly string[],
  tables: readonly TableName[],
): Promise<Fingerprint> {
  const taken = await inParallel(connections, tables, async (connection, { schema, table }) => ({
    schema,
    table,
    rows: await countRows(connection, schema, table),
    checksum: await checksumTable(connection, schema, table),
  }))
  const bySchema = schemas.map((schema) => {
    const own = taken.filter((one) => one.schema === schema)
    return [schema, { tables: Object.fromEntries(own.map(({ table, rows, checksum }) => [table, { rows, checksum }])) }]
  })
  return { version: 1, schemas: Object.fromEntries(bySchema) }
}

/** What came of comparing a backup's fingerprint with what was restored from it. */
export interface Comparison {
  readonly equal: boolean
  readonly tables: readonly TableComparison[]
}

/**
 * Compares two fingerprints table by table. A table that only one of them has differs as well.
 *
 * @param mapping which schema of the source is which of the restored ones
 */
export function compareFingerprints(
  source: Fingerprint,
  restored: Fingerprint,
  mapping: Readonly<Record<string, string>>,
): Comparison {
  const isSingle = Object.keys(mapping).length === 1
  const tables = Object.entries(mapping).flatMap(([from, to]) => {
    const before = source.schemas[from]?.tables ?? {}
    const after = restored.schemas[to]?.tables ?? {}
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    return names.map((name) => compareTable(isSingle ? name : `${from}.${name}`, before[name], after[name]))
  })
  return {
    equal: tables.every(isEqual),
    tables: [...tables].sort((one, other) => Number(isEqual(one)) - Number(isEqual(other))),
  }
}

function compareTable(
  name: string,
  source: TableFingerprint | undefined,
  restored: TableFingerprint | undefined,
): TableComparison {
  return {
    name,
    sourceRows: source?.rows ?? 0,
    restoredRows: restored?.rows ?? null,
    checksumEqual: source !== undefined && restored !== undefined && source.checksum === restored.checksum,
  }
}

/** Whether a table is the same in both. */
export function isEqual(table: TableComparison): boolean {
  return table.checksumEqual && table.sourceRows === table.restoredRows
}
