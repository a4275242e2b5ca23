import { z } from 'zod'
import type { RestorePurpose } from '../../../src/domain/step-inputs.ts'
import { StepError } from '../job/step-error.ts'
import { type Connection, query, quoteName } from '../mysql/connection.ts'
import {
  createOwnedSchema,
  describeOwnedSchema,
  dropOwnedSchema,
  findOwnedSchema,
  type SchemaCharset,
  type SchemaPurpose,
} from '../mysql/owned-schemas.ts'

/** For what a schema is restored, and by whom. */
export interface Restoration {
  readonly purpose: RestorePurpose
  /** The run of the workflow. */
  readonly runId: string
}

/** Of what a restored schema is, as the book of owned schemas has it. */
const restoredSchema = z.looseObject({ runId: z.string() })

const OWNED_AS: Readonly<Record<RestorePurpose, SchemaPurpose>> = { proof: 'restored', use: 'recovered' }

/**
 * Makes the schema that is to be restored into. What this run has restored into it before, and what others have for a proof, is
 * dropped first.
 *
 * @throws {StepError} `SchemaNotOwned`, or `SchemaExists` for one that another run has restored for use
 */
export async function makeTargetSchema(
  connection: Connection,
  schema: string,
  { purpose, runId }: Restoration,
  charset: SchemaCharset | undefined,
): Promise<void> {
  if (!(await mayDrop(connection, schema, { purpose, runId }))) throw schemaExists(schema)
  await dropOwnedSchema(connection, schema, OWNED_AS[purpose])
  const detail = purpose === 'use' ? JSON.stringify({ runId }) : ''
  await createOwnedSchema(connection, schema, OWNED_AS[purpose], { detail, ...(charset && { charset }) })
}

/** Writes down of what a schema was restored, once it is whole. */
export async function describeTargetSchema(
  connection: Connection,
  schema: string,
  { runId }: Restoration,
  from: { readonly backupId: string; readonly schema: string },
): Promise<void> {
  await describeOwnedSchema(connection, schema, JSON.stringify({ ...from, runId }))
}

/**
 * Drops a schema that was restored. One for use stays unless this run has restored it.
 *
 * @returns whether there was one to drop
 * @throws {StepError} `SchemaNotOwned` for a proof's
 */
export async function dropTargetSchema(
  connection: Connection,
  schema: string,
  restoration: Restoration,
): Promise<boolean> {
  try {
    if (!(await mayDrop(connection, schema, restoration))) return false
  } catch (error) {
    // That is why the restore was refused: it has made nothing.
    if (restoration.purpose === 'use' && error instanceof StepError && error.type === 'SchemaNotOwned') return false
    throw error
  }
  return await dropOwnedSchema(connection, schema, OWNED_AS[restoration.purpose])
}

/** Drops all tables of a schema but these. */
export async function dropOtherTables(connection: Connection, schema: string, kept: readonly string[]): Promise<void> {
  const sql =
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'"
  const tables = await query(connection, z.object({ name: z.string() }), sql, [schema])
  const others = tables.filter(({ name }) => !kept.includes(name))
  if (others.length === 0) return
  // A table that is kept may refer to one that goes.
  await connection.query('SET SESSION foreign_key_checks = 0')
  await connection.query(`DROP TABLE ${others.map(({ name }) => `${quoteName(schema)}.${quoteName(name)}`).join(', ')}`)
  await connection.query('SET SESSION foreign_key_checks = 1')
}

async function mayDrop(connection: Connection, schema: string, { purpose, runId }: Restoration): Promise<boolean> {
  const owned = await findOwnedSchema(connection, schema, OWNED_AS[purpose])
  return owned === undefined || purpose === 'proof' || runOf(owned.detail) === runId
}

function runOf(detail: string): string | undefined {
  return detail === '' ? undefined : restoredSchema.safeParse(JSON.parse(detail)).data?.runId
}

function schemaExists(schema: string): StepError {
  return new StepError({
    type: 'SchemaExists',
    message: `The schema \`${schema}\` exists: it was restored from a backup for use, so nothing is written to it.`,
    remedy: 'Choose another name, or drop the schema yourself if nobody needs it.',
    retryable: false,
  })
}
