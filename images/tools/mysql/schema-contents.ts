import { z } from 'zod'
import { type Connection, query, quoteName } from './connection.ts'

const nameRow = z.object({ name: z.string() })
const objectRow = z.object({ kind: z.enum(['VIEW', 'FUNCTION', 'PROCEDURE', 'TRIGGER', 'EVENT']), name: z.string() })
const referenceRow = z.object({ schema: z.string(), table: z.string() })

/** The names of a schema's base tables. */
export async function baseTablesOf(connection: Connection, schema: string): Promise<string[]> {
  const sql = `SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = ? AND table_type = 'BASE TABLE' ORDER BY table_name`
  return (await query(connection, nameRow, sql, [schema])).map(({ name }) => name)
}

/** Drops what a schema has beside base tables: some kinds, or all. */
export async function dropObjects(
  connection: Connection,
  schema: string,
  kinds: readonly z.output<typeof objectRow>['kind'][] = objectRow.shape.kind.options,
): Promise<void> {
  const sql = `SELECT 'TRIGGER' AS kind, trigger_name AS name FROM information_schema.triggers WHERE trigger_schema = ?
    UNION ALL SELECT 'EVENT', event_name FROM information_schema.events WHERE event_schema = ?
    UNION ALL SELECT routine_type, routine_name FROM information_schema.routines
      WHERE routine_schema = ? AND routine_type IN ('FUNCTION', 'PROCEDURE')
    UNION ALL SELECT 'VIEW', table_name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'VIEW'`
  for (const { kind, name } of await query(connection, objectRow, sql, [schema, schema, schema, schema])) {
    if (kinds.includes(kind)) await connection.query(`DROP ${kind} ${quoteName(schema)}.${quoteName(name)}`)
  }
}

/** The first table of another schema that has a foreign key into this one. */
export async function findReferenceInto(connection: Connection, schema: string): Promise<string | undefined> {
  const sql = `SELECT table_schema AS \`schema\`, table_name AS \`table\` FROM information_schema.key_column_usage
    WHERE referenced_table_schema = ? AND table_schema <> ? LIMIT 1`
  const [found] = await query(connection, referenceRow, sql, [schema, schema])
  return found && `${quoteName(found.schema)}.${quoteName(found.table)}`
}

/** Moves tables from schema to schema, all in one step: nobody sees one of them moved and another not. */
export async function moveTables(
  connection: Connection,
  moves: readonly { readonly from: string; readonly to: string; readonly tables: readonly string[] }[],
): Promise<void> {
  const renames = moves.flatMap(({ from, to, tables }) =>
    tables.map((name) => `${quoteName(from)}.${quoteName(name)} TO ${quoteName(to)}.${quoteName(name)}`),
  )
  if (renames.length > 0) await connection.query(`RENAME TABLE ${renames.join(', ')}`)
}
