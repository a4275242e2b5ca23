import { z } from 'zod'
import { type Connection, query, quoteName, type RawRow, streamRows } from '../mysql/connection.ts'

/** A statement is closed once its text has so many characters. */
const STATEMENT_CHARACTERS = 1_000_000

const columnRow = z.object({ name: z.string(), type: z.string(), characterSet: z.string().nullable() })
type Column = z.output<typeof columnRow>

/** Types whose values are numbers in SQL as MySQL prints them. */
const NUMBERS = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal', 'float', 'double', 'year'])
/** Types whose values MySQL prints in ASCII, to be quoted. */
const TIMES = new Set(['date', 'datetime', 'timestamp', 'time'])

/**
 * Names of the tables of a schema whose rows mysqldump would change: it has MySQL print FLOAT columns, which rounds them to six
 * digits (MySQL's "Problems with Floating-Point Values").
 */
export async function listTablesWithFloats(connection: Connection, schema: string): Promise<ReadonlySet<string>> {
  // Of the rows of these two mysqldump dumps none, since they are another table's, or another server's.
  const sql = `SELECT DISTINCT c.table_name AS name FROM information_schema.columns c
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    WHERE c.table_schema = ? AND c.data_type = 'float' AND c.generation_expression = ''
    AND t.engine NOT IN ('MRG_MYISAM', 'FEDERATED')`
  const rows = await query(connection, z.object({ name: z.string() }), sql, [schema])
  return new Set(rows.map(({ name }) => name))
}

/**
 * The rows of a table as INSERT statements that give back each value to the last bit, as the connection's transaction sees
 * them. The text is ASCII: what is not a number or a time is in hexadecimal, text with the character set of its column.
 */
export async function* exactRows(connection: Connection, schema: string, table: string): AsyncGenerator<string> {
  const columns = await readColumns(connection, schema, table)
  const names = columns.map(({ name }) => quoteName(name)).join(', ')
  const insert = `INSERT INTO ${quoteName(table)} (${names}) VALUES\n`
  // Bytes come as they are stored.
  await connection.query('SET SESSION character_set_results = NULL')
  try {
    let statement = ''
    for await (const row of readRows(connection, schema, table, columns)) {
      statement += `${statement === '' ? insert : ',\n'}(${columns.map((column, index) => literal(column, row[index] ?? null)).join(', ')})`
      if (statement.length < STATEMENT_CHARACTERS) continue
      yield `${statement};\n`
      statement = ''
    }
    if (statement !== '') yield `${statement};\n`
  } finally {
    await connection.query('SET SESSION character_set_results = utf8mb4')
  }
}

async function readColumns(connection: Connection, schema: string, table: string): Promise<Column[]> {
  const sql = `SELECT column_name AS name, data_type AS type, character_set_name AS characterSet
    FROM information_schema.columns WHERE table_schema = ? AND table_name = ? AND generation_expression = ''
    ORDER BY ordinal_position`
  return await query(connection, columnRow, sql, [schema, table])
}

function readRows(
  connection: Connection,
  schema: string,
  table: string,
  columns: readonly Column[],
): AsyncIterable<RawRow> {
  // The sum is a DOUBLE, which has room for every FLOAT and is printed whole.
  const list = columns.map(({ name, type }) => (type === 'float' ? `${quoteName(name)} + 0e0` : quoteName(name)))
  return streamRows(connection, `SELECT ${list.join(', ')} FROM ${quoteName(schema)}.${quoteName(table)}`)
}

function literal({ type, characterSet }: Column, value: Buffer | null): string {
  if (value === null) return 'NULL'
  if (NUMBERS.has(type)) return value.toString('latin1')
  if (TIMES.has(type)) return `'${value.toString('latin1')}'`
  // What JSON columns take is text, though they have no character set.
  const introducer = type === 'json' ? '_utf8mb4 ' : characterSet === null ? '' : `_${characterSet} `
  return value.length === 0 ? `${introducer}''` : `${introducer}0x${value.toString('hex')}`
}
