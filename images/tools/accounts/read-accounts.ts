import { z } from 'zod'
import { hasCode, StepError } from '../job/step-error.ts'
import { type Connection, query, quoteName } from '../mysql/connection.ts'
import { useDefinitionSettings } from '../mysql/definition-settings.ts'
import type { AccountFacts } from './accounts-sql.ts'

const accountRow = z.object({ user: z.string(), host: z.string() })
/** Its only column is called after the account. */
const shownRow = z.record(z.string(), z.string())

/**
 * Reads the accounts and roles of a server, with their rights and what their passwords are checked by. Those that MySQL makes for
 * itself are left out, and those of restored schemas.
 *
 * @throws {StepError} `AccountsNotReadable`
 */
export async function readAccounts(connection: Connection): Promise<AccountFacts[]> {
  await useDefinitionSettings(connection)
  try {
    // A hash may hold any byte.
    await connection.query('SET SESSION print_identified_with_as_hex = ON')
    const sql = `SELECT user AS user, host AS host FROM mysql.user
      WHERE user NOT LIKE 'mysql.%' AND user NOT RLIKE '^holdfast_[0-9a-f]{16}$' ORDER BY user, host`
    const accounts: AccountFacts[] = []
    for (const { user, host } of await query(connection, accountRow, sql)) {
      const name = `${quoteName(user)}@${quoteName(host)}`
      const [statement] = await shown(connection, `SHOW CREATE USER ${name}`)
      if (statement === undefined) throw new Error(`SHOW CREATE USER says nothing of ${name}.`)
      accounts.push({ name, statement, grants: await shown(connection, `SHOW GRANTS FOR ${name}`) })
    }
    return accounts
  } catch (error) {
    if (!hasCode(error, 'ER_TABLEACCESS_DENIED_ERROR', 'ER_SPECIFIC_ACCESS_DENIED_ERROR')) throw error
    throw new StepError({
      type: 'AccountsNotReadable',
      message: `The accounts of the server cannot be read: ${error instanceof Error ? error.message : error}.`,
      remedy: 'Grant SELECT on the schema `mysql`, or leave "accounts" out of the request.',
      retryable: false,
      cause: error,
    })
  }
}

async function shown(connection: Connection, sql: string): Promise<string[]> {
  return (await query(connection, shownRow, sql)).flatMap((row) => Object.values(row))
}
