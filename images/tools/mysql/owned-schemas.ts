import { z } from 'zod'
import { StepError } from '../job/step-error.ts'
import { dropConfinedUser } from './confined-user.ts'
import { type Connection, query, quoteName } from './connection.ts'

/**
 * What Holdfast made a schema for: `restored` ones to prove a backup, `recovered` ones for use; an `aside` one keeps what another was
 * before it was exchanged.
 */
const SCHEMA_PURPOSES = ['sample', 'restored', 'recovered', 'aside'] as const
export type SchemaPurpose = (typeof SCHEMA_PURPOSES)[number]

/** A schema that Holdfast made, as its own book has it. */
export interface OwnedSchema {
  readonly purpose: SchemaPurpose
  /** What is in it, in the words of the step that made it. Of sample data, empty until they are known to be whole. */
  readonly detail: string
}

export interface SchemaCharset {
  readonly characterSet: string
  readonly collation: string
}

/** How a new schema is made. */
export interface NewSchema {
  /** Absent: as the server has it by default. */
  readonly charset?: SchemaCharset
  /** What is known of it before it is filled. */
  readonly detail?: string
}

const ownedRow = z.object({ purpose: z.enum(SCHEMA_PURPOSES), detail: z.string(), created: z.coerce.boolean() })
const countRow = z.object({ count: z.number() })

/**
 * The book of the schemas that Holdfast made, which lies beside them in the table `holdfast.owned_schemas`. A schema that is
 * not in it is never written to and never dropped.
 */
export async function openOwnedSchemas(connection: Connection): Promise<void> {
  await connection.query('CREATE DATABASE IF NOT EXISTS holdfast CHARACTER SET utf8mb4')
  await connection.query(`CREATE TABLE IF NOT EXISTS holdfast.owned_schemas (
    schema_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    purpose VARCHAR(16) NOT NULL,
    detail VARCHAR(2048) NOT NULL DEFAULT '',
    created_at TIMESTAMP NULL COMMENT 'null: about to be created'
  )`)
}

/**
 * Looks a schema up.
 *
 * @returns undefined if there is no such schema
 * @throws {StepError} `SchemaNotOwned`, if there is one that Holdfast did not make, or made for something else
 */
export async function findOwnedSchema(
  connection: Connection,
  schema: string,
  purpose: SchemaPurpose,
): Promise<OwnedSchema | undefined> {
  const exists = await schemaExists(connection, schema)
  if (!exists) return undefined
  const owned = await ownedEntry(connection, schema)
  if (!owned) throw notOwned(schema, 'Holdfast did not make it')
  if (owned.purpose !== purpose) throw notOwned(schema, `Holdfast made it for another purpose (${owned.purpose})`)
  // Whoever died between the entry and the schema left nothing in it. With something in it, somebody else made it since.
  if (!owned.created && !(await isEmpty(connection, schema))) throw notOwned(schema, 'somebody else made it')
  return owned
}

/**
 * Makes a schema that does not exist yet. Its entry is written first: a schema of which Holdfast does not know that it is its
 * own could never be made again.
 */
export async function createOwnedSchema(
  connection: Connection,
  schema: string,
  purpose: SchemaPurpose,
  { charset, detail = '' }: NewSchema = {},
): Promise<void> {
  const sql = 'REPLACE INTO holdfast.owned_schemas (schema_name, purpose, detail) VALUES (?, ?, ?)'
  await connection.query(sql, [schema, purpose, detail])
  const clause = charset ? ' CHARACTER SET ? COLLATE ?' : ''
  const values = charset ? [charset.characterSet, charset.collation] : []
  await connection.query(`CREATE DATABASE ${quoteName(schema)}${clause}`, values)
  await connection.query('UPDATE holdfast.owned_schemas SET created_at = NOW() WHERE schema_name = ?', [schema])
}

/** Writes down what is in a schema, once it is whole. */
export async function describeOwnedSchema(connection: Connection, schema: string, detail: string): Promise<void> {
  await connection.query('UPDATE holdfast.owned_schemas SET detail = ? WHERE schema_name = ?', [detail, schema])
}

/** Has a schema that was restored for a proof be one for use: the next proof must not drop it. */
export async function keepForUse(connection: Connection, schema: string): Promise<void> {
  const sql = "UPDATE holdfast.owned_schemas SET purpose = 'recovered' WHERE schema_name = ? AND purpose = 'restored'"
  await connection.query(sql, [schema])
}

/** Drops a schema, if it is there. @throws {StepError} `SchemaNotOwned` */
export async function dropOwnedSchema(
  connection: Connection,
  schema: string,
  purpose: SchemaPurpose,
): Promise<boolean> {
  const owned = await findOwnedSchema(connection, schema, purpose)
  if (owned) await connection.query(`DROP DATABASE IF EXISTS ${quoteName(schema)}`)
  await dropConfinedUser(connection, schema)
  await connection.query('DELETE FROM holdfast.owned_schemas WHERE schema_name = ? AND purpose = ?', [schema, purpose])
  return owned !== undefined
}

async function ownedEntry(connection: Connection, schema: string): Promise<z.output<typeof ownedRow> | undefined> {
  const sql = `SELECT purpose AS purpose, detail AS detail, created_at IS NOT NULL AS created
    FROM holdfast.owned_schemas WHERE schema_name = ?`
  const [entry] = await query(connection, ownedRow, sql, [schema])
  return entry
}

async function schemaExists(connection: Connection, schema: string): Promise<boolean> {
  const sql = 'SELECT COUNT(*) AS count FROM information_schema.schemata WHERE schema_name = ?'
  const [found] = await query(connection, countRow, sql, [schema])
  return (found?.count ?? 0) > 0
}

async function isEmpty(connection: Connection, schema: string): Promise<boolean> {
  const sql = `SELECT (SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ?)
    + (SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = ?)
    + (SELECT COUNT(*) FROM information_schema.events WHERE event_schema = ?) AS count`
  const [found] = await query(connection, countRow, sql, [schema, schema, schema])
  return found?.count === 0
}

function notOwned(schema: string, why: string): StepError {
  return new StepError({
    type: 'SchemaNotOwned',
    message: `The schema \`${schema}\` exists and ${why}, so nothing is written to it.`,
    remedy: 'Choose another name, or drop the schema yourself if nobody needs it.',
    retryable: false,
  })
}
