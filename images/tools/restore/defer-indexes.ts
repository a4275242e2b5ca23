import { z } from 'zod'
import { hasCode } from '../job/step-error.ts'
import { type Connection, query, quoteName } from '../mysql/connection.ts'

/** Of memory, for the sorting of one table's indexes. MySQL's own default is 1 MiB, which sorts in many passes. */
const SORT_BYTES = 64 * 1024 * 1024

/** An ordinary index as `SHOW CREATE TABLE` writes it: on a line of its own, its name between backticks. */
const ORDINARY_INDEX = /^ {2}(?<definition>KEY `(?<name>(?:[^`\n]|``)+)` .*?),?$/gm

/** The indexes of a table that were dropped for the time in which its rows come in. */
export interface DeferredIndexes {
  readonly table: string
  /** As `ADD` wants them, in their order. */
  readonly definitions: readonly string[]
}

/**
 * Drops the ordinary indexes of tables that are still empty, so that {@link addIndexes} can make each of them in one go: rows
 * come in by their primary key, in any other order each of them would change a page somewhere in the index. Unique indexes
 * stay, and so do all those of a table that a foreign key begins or ends at, or that has one of another kind.
 *
 * @param tables of the schema that the connection is in
 */
export async function dropIndexes(
  connection: Connection,
  schema: string,
  tables: readonly string[],
): Promise<DeferredIndexes[]> {
  const bound = await listBoundTables(connection, schema)
  const deferred: DeferredIndexes[] = []
  for (const table of tables) {
    const definition = bound.has(table) ? '' : await showCreateTable(connection, schema, table)
    const indexes = ordinaryIndexes(definition)
    // Added anew they come after all others that are not unique: either all of those or none.
    if (indexes.length === 0 || indexes.length !== (await countOrdinaryIndexes(connection, schema, table))) continue
    const drops = indexes.map(({ name }) => `DROP INDEX ${name}`)
    await connection.query(`ALTER TABLE ${quoteName(schema)}.${quoteName(table)} ${drops.join(', ')}`)
    deferred.push({ table, definitions: indexes.map(({ definition }) => definition) })
  }
  return deferred
}

/** Makes the indexes of a table that {@link dropIndexes} has dropped. */
export async function addIndexes(
  connection: Connection,
  schema: string,
  { table, definitions }: DeferredIndexes,
): Promise<void> {
  await sortInMemory(connection)
  const adds = definitions.map((definition) => `ADD ${definition}`)
  await connection.query(`ALTER TABLE ${quoteName(schema)}.${quoteName(table)} ${adds.join(', ')}`)
}

interface OrdinaryIndex {
  /** Quoted. */
  readonly name: string
  readonly definition: string
}

/** The ordinary indexes in what `SHOW CREATE TABLE` says of an InnoDB table; none for another engine's. */
export function ordinaryIndexes(createTable: string): readonly OrdinaryIndex[] {
  if (!/^\) ENGINE=InnoDB\b/m.test(createTable)) return []
  return [...createTable.matchAll(ORDINARY_INDEX)].map(({ groups }) => ({
    name: `\`${groups?.name}\``,
    definition: groups?.definition ?? '',
  }))
}

async function showCreateTable(connection: Connection, schema: string, table: string): Promise<string> {
  const row = z.object({ 'Create Table': z.string().optional() })
  const [shown] = await query(connection, row, `SHOW CREATE TABLE ${quoteName(schema)}.${quoteName(table)}`)
  return shown?.['Create Table'] ?? ''
}

/**
 * None where one has to stay: a column that counts by itself (AUTO_INCREMENT) wants an index, one of an expression has a hidden
 * column, with which MySQL may write the whole table anew, and FULLTEXT and SPATIAL ones would change their places.
 */
async function countOrdinaryIndexes(connection: Connection, schema: string, table: string): Promise<number> {
  const row = z.object({ count: z.coerce.number(), needed: z.coerce.number() })
  const sql = `SELECT COUNT(DISTINCT s.index_name) AS count,
      COALESCE(SUM(s.index_type <> 'BTREE' OR s.column_name IS NULL OR (s.seq_in_index = 1 AND c.extra LIKE '%auto_increment%')), 0) AS needed
    FROM information_schema.statistics s LEFT JOIN information_schema.columns c
      ON c.table_schema = s.table_schema AND c.table_name = s.table_name AND c.column_name = s.column_name
    WHERE s.table_schema = ? AND s.table_name = ? AND s.non_unique = 1`
  const [counted] = await query(connection, row, sql, [schema, table])
  return counted === undefined || counted.needed > 0 ? 0 : counted.count
}

/** Tables of which a foreign key begins or ends: MySQL wants an index at both of its ends. */
async function listBoundTables(connection: Connection, schema: string): Promise<ReadonlySet<string>> {
  const row = z.object({ name: z.string() })
  const sql = `SELECT table_name AS name FROM information_schema.key_column_usage
      WHERE table_schema = ? AND referenced_table_name IS NOT NULL
    UNION SELECT referenced_table_name FROM information_schema.key_column_usage WHERE referenced_table_schema = ?`
  return new Set((await query(connection, row, sql, [schema, schema])).map(({ name }) => name))
}

async function sortInMemory(connection: Connection): Promise<void> {
  try {
    await connection.query('SET SESSION innodb_ddl_buffer_size = ?', [SORT_BYTES])
  } catch (error) {
    // MySQL before 8.0.27 sorts by innodb_sort_buffer_size, which cannot be changed while it runs.
    if (!hasCode(error, 'ER_UNKNOWN_SYSTEM_VARIABLE')) throw error
  }
}
