import { z } from 'zod'
import { type Connection, query, queryOne, quoteName } from '../mysql/connection.ts'
import type { Piece } from './group-rows.ts'
import { findKeyBounds, type KeyRange, sharesOf } from './key-bounds.ts'

const keyRow = z.object({ name: z.string(), type: z.string() })
const endsRow = z.object({ least: z.coerce.string().nullable(), most: z.coerce.string().nullable() })
const explainedRow = z.object({ rows: z.coerce.number().nullable(), filtered: z.coerce.number().nullable() })

const WHOLE_NUMBERS = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint'])

/**
 * Parts a table into ranges of its primary key that have about so many bytes each on average, the first ones more than the last.
 * Every row is in one of them, also one that comes later. How the keys are spread is what the optimizer says, which looks into the
 * index a few times and reads no rows.
 *
 * @param bytes how many a range should have. A table with less than twice as many is left whole, and so is one whose primary key
 * does not begin with a whole number
 */
export async function splitTable(connection: Connection, table: Piece, bytes: number): Promise<Piece[]> {
  const count = Math.floor(table.bytes / bytes)
  if (count < 2) return [table]
  const column = await findKeyColumn(connection, table)
  if (column === undefined) return [table]
  const whole = await readKeyRange(connection, table, column)
  if (!whole) return [table]
  const estimate = (range: KeyRange) => estimateRows(connection, table, column, range)
  const bounds = await findKeyBounds(whole, sharesOf(count), estimate)
  if (bounds.length === 0) return [table]
  // The keys may have allowed for fewer.
  const shares = sharesOf(bounds.length + 1)
  return [undefined, ...bounds].map((from, index) => ({
    ...table,
    where: condition(column, from, bounds[index]),
    bytes: Math.ceil(table.bytes * (shares[index] ?? 0)),
  }))
}

/** The first column of the primary key, if it holds whole numbers. */
async function findKeyColumn(connection: Connection, { schema, table }: Piece): Promise<string | undefined> {
  const sql = `SELECT c.column_name AS name, c.data_type AS type
    FROM information_schema.statistics s JOIN information_schema.columns c USING (table_schema, table_name, column_name)
    WHERE s.table_schema = ? AND s.table_name = ? AND s.index_name = 'PRIMARY' AND s.seq_in_index = 1`
  const [key] = await query(connection, keyRow, sql, [schema, table])
  return key && WHOLE_NUMBERS.has(key.type) ? key.name : undefined
}

async function readKeyRange(connection: Connection, piece: Piece, column: string): Promise<KeyRange | undefined> {
  const name = quoteName(column)
  const sql = `SELECT MIN(${name}) AS least, MAX(${name}) AS most FROM ${tableOf(piece)}`
  const { least, most } = await queryOne(connection, endsRow, sql)
  if (least === null || most === null) return undefined
  return { from: BigInt(least), to: BigInt(most) + 1n }
}

async function estimateRows(connection: Connection, piece: Piece, column: string, range: KeyRange): Promise<number> {
  const where = condition(column, range.from, range.to)
  // Not FORCE INDEX, for which MySQL does not look into the index ("Optimizing Queries with EXPLAIN", index dives).
  const sql = `EXPLAIN FORMAT=TRADITIONAL SELECT 1 FROM ${tableOf(piece)} USE INDEX (PRIMARY) WHERE ${where}`
  const [explained] = await query(connection, explainedRow, sql)
  // A row that says only why there is nothing to read has neither.
  return ((explained?.rows ?? 0) * (explained?.filtered ?? 0)) / 100
}

function condition(column: string, from: bigint | undefined, to: bigint | undefined): string {
  const name = quoteName(column)
  return [...(from === undefined ? [] : [`${name} >= ${from}`]), ...(to === undefined ? [] : [`${name} < ${to}`])].join(
    ' AND ',
  )
}

function tableOf({ schema, table }: Piece): string {
  return `${quoteName(schema)}.${quoteName(table)}`
}
