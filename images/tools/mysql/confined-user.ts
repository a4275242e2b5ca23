import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { hasCode } from '../job/step-error.ts'
import { type Connection, queryOne, quoteName } from './connection.ts'
import type { MysqlAccount } from './settings.ts'

/**
 * What somebody needs who makes routines, views and triggers in the name of others. None of these lets them read or write
 * tables. Each is missing from some version of MySQL, or from the account that would have to give it away.
 */
const DEFINER_PRIVILEGES = [
  'SET_ANY_DEFINER',
  'SET_USER_ID',
  'ALLOW_NONEXISTENT_DEFINER',
  'SYSTEM_USER',
  // With binary logging on, only it may create functions and triggers (unless log_bin_trust_function_creators is on).
  'SUPER',
] as const

/** What becomes of a confined account after its work. */
export type AfterUse =
  /** It is removed. */
  | 'drop'
  /**
   * Nobody can log in with it, and it keeps its rights on its schema: views, triggers and routines that were made without
   * naming a definer are its own, and would not work without it. It goes with the schema: {@link dropConfinedUser}.
   */
  | 'lock'

/**
 * Runs `work` with an account that reaches one schema and no other. What a dump or a stranger's file says goes into that
 * schema, or fails: a `USE` or a qualified name cannot lead it elsewhere.
 */
export async function withConfinedUser<Result>(
  connection: Connection,
  administrator: MysqlAccount,
  schema: string,
  afterUse: AfterUse,
  work: (account: MysqlAccount) => Promise<Result>,
): Promise<Result> {
  const user = confinedUser(schema)
  const name = accountName(user)
  const pattern = await schemaPattern(connection, schema)
  const password = randomBytes(24).toString('hex')
  await dropConfinedUser(connection, schema)
  await connection.query(`CREATE USER ${name} IDENTIFIED BY ?`, [password])
  try {
    await connection.query(`GRANT ALL ON ${pattern}.* TO ${name}`)
    for (const privilege of DEFINER_PRIVILEGES) await grantIfPossible(connection, privilege, name)
    return await work({ ...administrator, user, password })
  } finally {
    if (afterUse === 'drop') await dropConfinedUser(connection, schema)
    else {
      await connection.query(`ALTER USER ${name} ACCOUNT LOCK`)
      // This takes the rights on the schema as well.
      await connection.query(`REVOKE ALL ON *.* FROM ${name}`)
      await connection.query(`GRANT ALL ON ${pattern}.* TO ${name}`)
    }
  }
}

/** Removes the account of a schema, if there is one. */
export async function dropConfinedUser(connection: Connection, schema: string): Promise<void> {
  await connection.query(`DROP USER IF EXISTS ${accountName(confinedUser(schema))}`)
}

/** Who is the definer of what was made in a schema in nobody else's name, as SQL has it. */
export function confinedDefiner(schema: string): string {
  return `\`${confinedUser(schema)}\`@\`%\``
}

/** The name follows from the schema, so that an account that a killed step left is found again and removed. */
function confinedUser(schema: string): string {
  return `holdfast_${createHash('sha256').update(schema).digest('hex').slice(0, 16)}`
}

function accountName(user: string): string {
  return `'${user}'@'%'`
}

/** A schema as GRANT wants it: there, "_" and "%" are wild cards, but for servers that can revoke a part of a privilege. */
async function schemaPattern(connection: Connection, schema: string): Promise<string> {
  const { literal } = await queryOne(
    connection,
    z.object({ literal: z.number() }),
    'SELECT @@partial_revokes AS literal',
  )
  return quoteName(literal ? schema : schema.replaceAll(/[_%]/g, (wildCard) => `\\${wildCard}`))
}

async function grantIfPossible(connection: Connection, privilege: string, user: string): Promise<void> {
  try {
    await connection.query(`GRANT ${privilege} ON *.* TO ${user}`)
  } catch (error) {
    const isImpossible = hasCode(
      error,
      'ER_PARSE_ERROR',
      'ER_DYNAMIC_PRIVILEGE_NOT_REGISTERED',
      'ER_SYNTAX_ERROR',
      'ER_ACCESS_DENIED_ERROR',
      'ER_SPECIFIC_ACCESS_DENIED_ERROR',
    )
    if (!isImpossible) throw error
  }
}
