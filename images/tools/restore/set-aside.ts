import { z } from 'zod'
import { type Connection, query } from '../mysql/connection.ts'

/** What a schema was before it was exchanged for a restored one: enough to make it that again. */
export interface SetAside {
  readonly target: string
  /** How many tables it had; null where there was no such schema. */
  readonly tables: number | null
  readonly characterSet: string
  readonly collation: string
  /** SQL that makes its routines, views, triggers and events anew, with their definers, in this order. */
  readonly scripts: readonly string[]
}

const row = z.object({ facts: z.string() })
const factsSchema = z.strictObject({
  target: z.string(),
  tables: z.int().nullable(),
  characterSet: z.string(),
  collation: z.string(),
  scripts: z.array(z.string()),
})

/** The book of what was set aside, by the schema in which its tables are, in the table `holdfast.set_aside`. */
export async function openSetAside(connection: Connection): Promise<void> {
  await connection.query(`CREATE TABLE IF NOT EXISTS holdfast.set_aside (
    schema_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    facts LONGTEXT CHARACTER SET utf8mb4 NOT NULL,
    set_aside_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
  )`)
}

export async function readSetAside(connection: Connection, aside: string): Promise<SetAside | undefined> {
  const sql = 'SELECT facts AS facts FROM holdfast.set_aside WHERE schema_name = ?'
  const [found] = await query(connection, row, sql, [aside])
  return found && factsSchema.parse(JSON.parse(found.facts))
}

export async function writeSetAside(connection: Connection, aside: string, facts: SetAside): Promise<void> {
  const sql = 'INSERT INTO holdfast.set_aside (schema_name, facts) VALUES (?, ?)'
  await connection.query(sql, [aside, JSON.stringify(facts)])
}

export async function forgetSetAside(connection: Connection, aside: string): Promise<void> {
  await connection.query('DELETE FROM holdfast.set_aside WHERE schema_name = ?', [aside])
}
