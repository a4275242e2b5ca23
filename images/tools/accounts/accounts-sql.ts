import { ACCOUNT_NAME } from '../schema/object-script.ts'

/** An account or a role of a server. */
export interface AccountFacts {
  /** As SQL has it: in backticks. */
  readonly name: string
  /** As `SHOW CREATE USER` has it. */
  readonly statement: string
  /** As `SHOW GRANTS` has them. */
  readonly grants: readonly string[]
}

/** The roles that an account has without asking for them, within what `SHOW CREATE USER` says. */
const DEFAULT_ROLE = new RegExp(` DEFAULT ROLE (${ACCOUNT_NAME}(?:,${ACCOUNT_NAME})*)(?= REQUIRE )`)

/**
 * The statements that make accounts and roles anew: all of them first, then their rights, since one may be granted another, and last
 * which roles they have without asking, since those have to be granted before.
 */
export function accountStatements(accounts: readonly AccountFacts[]): string[] {
  return [
    ...accounts.map(({ statement }) => statement.replace(DEFAULT_ROLE, '')),
    ...accounts.flatMap(({ grants }) => grants),
    ...accounts.flatMap(({ name, statement }) => {
      const roles = DEFAULT_ROLE.exec(statement)?.[1]
      return roles === undefined ? [] : [`ALTER USER ${name} DEFAULT ROLE ${roles}`]
    }),
  ]
}
