import { z } from 'zod'
import { objectByName } from '../../../src/domain/by-name.ts'
import { type Connection, queryOne, quoteName } from '../mysql/connection.ts'
import { useDefinitionSettings } from '../mysql/definition-settings.ts'
import { inParallel } from '../mysql/parallel.ts'
import { countAndChecksum } from '../mysql/tables.ts'
import type { SchemaObjects } from '../schema/schema-objects.ts'
import type { Fingerprint, TableFingerprint } from './fingerprint.ts'
import { objectFingerprints } from './object-fingerprints.ts'

/** A table, and the schema it is in. */
export interface TableName {
  readonly schema: string
  readonly name: string
}

/** A table with what must be equal after a restore, all but what its next row gets. */
export interface TakenTable extends TableName, Omit<TableFingerprint, 'autoIncrement'> {}

/**
 * Counts and sums up tables and reads their definitions, by several connections at once. Rows are those that the transaction of
 * each connection sees.
 */
export async function fingerprintTables(
  connections: readonly Connection[],
  tables: readonly TableName[],
): Promise<TakenTable[]> {
  for (const connection of connections) await useDefinitionSettings(connection)
  return await inParallel(connections, tables, async (connection, { schema, name }) => ({
    schema,
    name,
    ...(await countAndChecksum(connection, schema, name)),
    definition: await readTableDefinition(connection, schema, name),
  }))
}

/**
 * The fingerprint of schemas.
 *
 * @param schemas what they have beside rows. What it says of AUTO_INCREMENT is the least that a restored table must have: for a
 * dump, it is to be read before the definitions of tables are dumped
 */
export function fingerprintOf(schemas: ReadonlyMap<string, SchemaObjects>, tables: readonly TakenTable[]): Fingerprint {
  const bySchema = [...schemas].map(([schema, objects]) => {
    const own = tables.filter((table) => table.schema === schema)
    const fingerprints = own.map(({ schema: _, name, ...taken }) => {
      return [name, { ...taken, autoIncrement: objects.autoIncrements.get(name) ?? null }] as const
    })
    const { characterSet, collation } = objects
    const fingerprint = { characterSet, collation, tables: objectByName(fingerprints) }
    return [schema, { ...fingerprint, objects: objectFingerprints(objects) }] as const
  })
  return { version: 2, schemas: objectByName(bySchema) }
}

async function readTableDefinition(connection: Connection, schema: string, table: string): Promise<string> {
  const row = z.object({ 'Create Table': z.string() })
  const sql = `SHOW CREATE TABLE ${quoteName(schema)}.${quoteName(table)}`
  const shown = await queryOne(connection, row, sql)
  return withoutCounter(shown['Create Table'])
}

/** The definition of a table without what its next row gets, which stands among the options, before any text of the user's. */
export function withoutCounter(definition: string): string {
  return definition.replace(/^(\)[^'\n]*?) AUTO_INCREMENT=\d+/m, '$1')
}
