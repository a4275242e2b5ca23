import { z } from 'zod'
import { StepError } from '../job/step-error.ts'
import { type Connection, query, queryOne } from '../mysql/connection.ts'
import { useDefinitionSettings } from '../mysql/definition-settings.ts'
import { measureSchemas } from '../mysql/tables.ts'
import { Grants } from './grants.ts'
import { describeMissing, grantStatements, missingPrivileges, neededPrivileges } from './needed-privileges.ts'

/** A server, as far as a backup of it cares. */
export interface ServerExamination {
  readonly version: string
  /** As SQL has it. */
  readonly account: string
  /** Those that will be backed up. */
  readonly schemas: readonly string[]
  /** Of their rows. */
  readonly databaseBytes: number
  readonly hasBinaryLog: boolean
  readonly trustsCreators: boolean
  /** Whether the names of schemas in its grants mean no others. */
  readonly hasPartialRevokes: boolean
  /** Whether it takes rows by LOAD DATA LOCAL. */
  readonly takesLocalRows: boolean
}

const serverRow = z.object({
  version: z.string(),
  account: z.string(),
  log_bin: z.coerce.boolean(),
  trusts: z.coerce.boolean(),
  partial: z.coerce.boolean(),
  local: z.coerce.boolean(),
})
const nameRow = z.object({ name: z.string() })
const clockRow = z.object({ seconds: z.coerce.number() })
/** Its only column is called after the account. */
const grantRow = z.record(z.string(), z.string())

/** MySQL's own, and Holdfast's book. */
const OTHERS = ['mysql', 'sys', 'information_schema', 'performance_schema', 'holdfast']

/**
 * Asks a server what it is and how large.
 *
 * @param wanted the schemas that will be backed up; if empty, all that Holdfast has not restored
 * @throws {StepError} `SchemaMissing`
 */
export async function examineServer(connection: Connection, wanted: readonly string[]): Promise<ServerExamination> {
  const { version, account, log_bin, trusts, partial, local } = await queryOne(
    connection,
    serverRow,
    `SELECT VERSION() AS version, CURRENT_USER() AS account, @@GLOBAL.log_bin AS log_bin,
      @@GLOBAL.log_bin_trust_function_creators AS trusts, @@GLOBAL.partial_revokes AS partial,
      @@GLOBAL.local_infile AS local`,
  )
  const there = await namesOf(connection, 'SELECT schema_name AS name FROM information_schema.schemata')
  const missing = wanted.filter((schema) => !there.includes(schema))
  if (missing.length > 0) throw schemasMissing(missing)
  const schemas = wanted.length > 0 ? wanted : await withoutRestored(connection, there)
  return {
    version,
    account: quoteAccount(account),
    schemas,
    databaseBytes: await measureSchemas(connection, schemas),
    hasBinaryLog: log_bin,
    trustsCreators: trusts,
    hasPartialRevokes: partial,
    takesLocalRows: local,
  }
}

/** @throws {StepError} `PrivilegesMissing`, with the statements that give them */
export async function assertPrivileges(connection: Connection, server: ServerExamination): Promise<void> {
  // Names in backticks, whatever the server's SQL mode.
  await useDefinitionSettings(connection)
  const rows = await query(connection, grantRow, 'SHOW GRANTS')
  const grants = new Grants(
    rows.flatMap((row) => Object.values(row)),
    !server.hasPartialRevokes,
  )
  const missing = missingPrivileges(neededPrivileges(server), grants)
  if (missing.length === 0) return
  throw new StepError({
    type: 'PrivilegesMissing',
    message: `${server.account} lacks ${describeMissing(missing)}.`,
    remedy: `As MySQL's administrator: ${grantStatements(missing, server.account, !server.hasPartialRevokes).join(' ')}`,
    retryable: false,
  })
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

/** MySQL says who somebody is without quotes; only the host's part has no "@" in it. */
function quoteAccount(account: string): string {
  const at = account.lastIndexOf('@')
  return `'${account.slice(0, at).replaceAll("'", "''")}'@'${account.slice(at + 1)}'`
}

function schemasMissing(missing: readonly string[]): StepError {
  return new StepError({
    type: 'SchemaMissing',
    message: `MySQL has no schema ${missing.join(', ')}, or does not show it to this account.`,
    remedy: 'Correct its name, or grant SELECT on it.',
    retryable: false,
  })
}
