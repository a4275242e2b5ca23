import { z } from 'zod'
import { StepError } from '../job/step-error.ts'
import { type Connection, query, queryOne } from '../mysql/connection.ts'
import { measureSchemas } from '../mysql/tables.ts'
import { type AccountFacts, readAccountFacts } from '../privileges/account-facts.ts'

/** A server, as far as a backup of it cares. */
export interface ServerExamination extends AccountFacts {
  readonly version: string
  /** Those that will be backed up. */
  readonly schemas: readonly string[]
  /** Of their rows. */
  readonly databaseBytes: number
  /** Whether it takes rows by LOAD DATA LOCAL. */
  readonly takesLocalRows: boolean
}

const serverRow = z.object({ version: z.string(), local: z.coerce.boolean() })
const nameRow = z.object({ name: z.string() })
const clockRow = z.object({ seconds: z.coerce.number() })

/** MySQL's own, and Holdfast's book. */
const OTHERS = ['mysql', 'sys', 'information_schema', 'performance_schema', 'holdfast']

/**
 * Asks a server what it is and how large.
 *
 * @param wanted the schemas that will be backed up; if empty, all that Holdfast has not restored
 * @throws {StepError} `SchemaMissing`
 */
export async function examineServer(connection: Connection, wanted: readonly string[]): Promise<ServerExamination> {
  const sql = 'SELECT VERSION() AS version, @@GLOBAL.local_infile AS local'
  const { version, local } = await queryOne(connection, serverRow, sql)
  const there = await namesOf(connection, 'SELECT schema_name AS name FROM information_schema.schemata')
  const missing = wanted.filter((schema) => !there.includes(schema))
  if (missing.length > 0) throw schemasMissing(missing)
  const schemas = wanted.length > 0 ? wanted : await withoutRestored(connection, there)
  return {
    ...(await readAccountFacts(connection)),
    version,
    schemas,
    databaseBytes: await measureSchemas(connection, schemas),
    takesLocalRows: local,
  }
}

/** Checks that MySQL Shell can load into a server. @throws {StepError} `LocalInfileOff` */
export function assertTakesLocalRows({ takesLocalRows }: ServerExamination): void {
  if (takesLocalRows) return
  throw new StepError({
    type: 'LocalInfileOff',
    message: 'MySQL Shell loads rows by LOAD DATA LOCAL, which the server does not take.',
    remedy: 'SET PERSIST local_infile = ON on the server.',
    retryable: false,
  })
}

/** What the server's clock says, in milliseconds since 1970. */
export async function readServerClock(connection: Connection): Promise<number> {
  const { seconds } = await queryOne(connection, clockRow, 'SELECT UNIX_TIMESTAMP(NOW(6)) AS seconds')
  return seconds * 1000
}

/** Schemas that Holdfast restored, or set aside, are no part of what will be backed up. */
async function withoutRestored(connection: Connection, there: readonly string[]): Promise<string[]> {
  const own = there.filter((schema) => !OTHERS.includes(schema.toLowerCase()))
  const hasBook = await namesOf(
    connection,
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'holdfast' AND table_name = 'owned_schemas'",
  )
  if (hasBook.length === 0) return own
  const sql = "SELECT schema_name AS name FROM holdfast.owned_schemas WHERE purpose <> 'sample'"
  const restored = await namesOf(connection, sql)
  return own.filter((schema) => !restored.includes(schema))
}

async function namesOf(connection: Connection, sql: string): Promise<string[]> {
  return (await query(connection, nameRow, sql)).map(({ name }) => name)
}

function schemasMissing(missing: readonly string[]): StepError {
  return new StepError({
    type: 'SchemaMissing',
    message: `MySQL has no schema ${missing.join(', ')}, or does not show it to this account.`,
    remedy: 'Correct its name, or grant SELECT on it.',
    retryable: false,
  })
}
