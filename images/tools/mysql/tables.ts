import { z } from 'zod'
import { type Connection, query, queryOne, quoteName } from './connection.ts'

/** A base table of a schema. */
export interface TableFacts {
  readonly name: string
  readonly engine: string
  /** Of its rows, as the engine estimates them. */
  readonly bytes: number
}

const tableRow = z.object({ name: z.string(), engine: z.string().nullable(), bytes: z.coerce.number() })

/** The base tables of a schema by name, with what the engine knows of them now rather than what it once wrote down. */
export async function listTables(connection: Connection, schema: string): Promise<TableFacts[]> {
  await connection.query('SET SESSION information_schema_stats_expiry = 0')
  const sql = `SELECT table_name AS name, engine AS engine, COALESCE(data_length, 0) AS bytes
    FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE' ORDER BY table_name`
  const rows = await query(connection, tableRow, sql, [schema])
  return rows.map(({ name, engine, bytes }) => ({ name, engine: engine ?? 'unknown', bytes }))
}

/** The base tables of a schema, in the order of {@link listTables}, without what only their engines know: quickly. */
export async function listTableEngines(
  connection: Connection,
  schema: string,
): Promise<Pick<TableFacts, 'name' | 'engine'>[]> {
  const sql = `SELECT table_name AS name, engine AS engine, 0 AS bytes FROM information_schema.tables
    WHERE table_schema = ? AND table_type = 'BASE TABLE' ORDER BY table_name`
  const rows = await query(connection, tableRow, sql, [schema])
  return rows.map(({ name, engine }) => ({ name, engine: engine ?? 'unknown' }))
}

/** Counts a table's rows, as the connection's transaction sees them. */
export async function countRows(connection: Connection, schema: string, table: string): Promise<number> {
  const sql = `SELECT COUNT(*) AS count FROM ${quoteName(schema)}.${quoteName(table)}`
  const { count } = await queryOne(connection, z.object({ count: z.coerce.number() }), sql)
  return count
}

/**
 * Counts a table's rows, and sums them up whatever their order, as the connection's transaction sees them.
 *
 * @throws if there is no such table
 */
export async function countAndChecksum(
  connection: Connection,
  schema: string,
  table: string,
): Promise<{ rows: number; checksum: string }> {
  // In this order: of an ARCHIVE table, CHECKSUM TABLE reads as many rows as were there when the server last counted them,
  // which is none where it has only just opened the table.
  const rows = await countRows(connection, schema, table)
  return { rows, checksum: await checksumTable(connection, schema, table) }
}

async function checksumTable(connection: Connection, schema: string, table: string): Promise<string> {
  const sql = `CHECKSUM TABLE ${quoteName(schema)}.${quoteName(table)} EXTENDED`
  const row = await queryOne(connection, z.object({ Checksum: z.coerce.string().nullable() }), sql)
  // MySQL answers NULL and a warning for a table that is not there.
  if (row.Checksum === null || row.Checksum === 'null') throw new Error(`No table ${schema}.${table} to checksum.`)
  return row.Checksum
}

/** Bytes of the rows of all tables of some schemas, as their engines estimate them. A schema that is not there has none. */
export async function measureSchemas(connection: Connection, schemas: readonly string[]): Promise<number> {
  let bytes = 0
  for (const schema of schemas) {
    for (const table of await listTables(connection, schema)) bytes += table.bytes
  }
  return bytes
}

/**
 * Has the engine look at its tables again: what it says of their size may be of before they were filled. On this server alone, and
 * not in its binary log.
 */
export async function analyzeTables(connection: Connection, schema: string): Promise<void> {
  const names = (await listTableEngines(connection, schema)).map(
    ({ name }) => `${quoteName(schema)}.${quoteName(name)}`,
  )
  if (names.length > 0) await connection.query(`ANALYZE NO_WRITE_TO_BINLOG TABLE ${names.join(', ')}`)
}

/** Rows of all tables of a schema together. */
export async function countAllRows(connection: Connection, schema: string): Promise<{ tables: number; rows: number }> {
  const tables = await listTables(connection, schema)
  let rows = 0
  for (const { name } of tables) rows += await countRows(connection, schema, name)
  return { tables: tables.length, rows }
}
