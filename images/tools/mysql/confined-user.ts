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

/**
 * Runs `work` with an account that reaches one schema and no other, and lasts no longer. What a dump or a stranger's file
 * says goes into that schema, or fails: a `USE` or a qualified name cannot lead it elsewhere.
 */
export async function withConfinedUser<Result>(
  connection: Connection,
  administrator: MysqlAccount,
  schema: string,
  work: (account: MysqlAccount) => Promise<Result>,
): Promise<Result> {
  // The name follows from the schema, so that an account that a killed step left is found again and removed.
  const user = `holdfast_${createHash('sha256').update(schema).digest('hex').slice(0, 16)}`
  const password = randomBytes(24).toString('hex')
  const name = `'${user}'@'%'`
  await connection.query(`DROP USER IF EXISTS ${name}`)
  await connection.query(`CREATE USER ${name} IDENTIFIED BY ?`, [password])
  try {
    await connection.query(`GRANT ALL ON ${await schemaPattern(connection, schema)}.* TO ${name}`)
    for (const privilege of DEFINER_PRIVILEGES) await grantIfPossible(connection, privilege, name)
    return await work({ ...administrator, user, password })
  } finally {
    await connection.query(`DROP USER IF EXISTS ${name}`)
  }
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
