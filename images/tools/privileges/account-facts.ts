import { z } from 'zod'
import { type Connection, queryOne } from '../mysql/connection.ts'

/** Who is logged in, and what of the server decides which privileges are needed, and what they are about. */
export interface AccountFacts {
  /** As SQL has it. */
  readonly account: string
  readonly hasBinaryLog: boolean
  /** Whether who may create a function or a trigger may do so under a binary log too: `log_bin_trust_function_creators`. */
  readonly trustsCreators: boolean
  /** Whether the names of schemas in its grants mean no others. */
  readonly hasPartialRevokes: boolean
  /** Whether it keeps the names of schemas in lower case, or compares them so: `lower_case_table_names`. */
  readonly foldsNames: boolean
}

const factsRow = z.object({
  account: z.string(),
  log_bin: z.coerce.boolean(),
  trusts: z.coerce.boolean(),
  partial: z.coerce.boolean(),
  folds: z.coerce.boolean(),
})

/** Asks a server as whom a connection is logged in, and for its settings. */
export async function readAccountFacts(connection: Connection): Promise<AccountFacts> {
  const { account, log_bin, trusts, partial, folds } = await queryOne(
    connection,
    factsRow,
    `SELECT CURRENT_USER() AS account, @@GLOBAL.log_bin AS log_bin, @@GLOBAL.log_bin_trust_function_creators AS trusts,
      @@GLOBAL.partial_revokes AS partial, @@GLOBAL.lower_case_table_names AS folds`,
  )
  return {
    account: quoteAccount(account),
    hasBinaryLog: log_bin,
    trustsCreators: trusts,
    hasPartialRevokes: partial,
    foldsNames: folds,
  }
}

/** MySQL says who somebody is without quotes; only the host's part has no "@" in it. */
function quoteAccount(account: string): string {
  const at = account.lastIndexOf('@')
  return `'${account.slice(0, at).replaceAll("'", "''")}'@'${account.slice(at + 1)}'`
}
