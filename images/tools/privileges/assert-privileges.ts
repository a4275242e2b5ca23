import { z } from 'zod'
import { StepError } from '../job/step-error.ts'
import { cutMiddle } from '../job/termination-message.ts'
import { type Connection, query } from '../mysql/connection.ts'
import { useDefinitionSettings } from '../mysql/definition-settings.ts'
import { type AccountFacts, readAccountFacts } from './account-facts.ts'
import { Grants } from './grants.ts'
import {
  describeMissing,
  dumpPrivileges,
  grantStatements,
  missingPrivileges,
  type NeededPrivileges,
} from './needed-privileges.ts'

/** Its only column is called after the account. */
const grantRow = z.record(z.string(), z.string())

/** A remedy is never cut where a failure is told, and a dump may be of hundreds of schemas. Of four bytes each at most. */
const REMEDY_CHARACTERS = 800

/**
 * Checks, before anything is dumped, that MySQL shows an account everything that schemas have. It hides what it does not show, and says
 * nothing: a dump would lack it, and so would the fingerprint that the restore is compared with.
 *
 * @param connection a new one, as those of the dump will be: roles count that are active when the account logs in. Not to be used for
 * anything else
 * @throws {StepError} `PrivilegesMissing`
 */
export async function assertSeesAll(connection: Connection, schemas: readonly string[]): Promise<void> {
  const facts = await readAccountFacts(connection)
  const names = facts.foldsNames ? schemas.map((schema) => schema.toLowerCase()) : schemas
  const needed = dumpPrivileges({ ...facts, schemas: names })
  await assertPrivileges(
    connection,
    facts,
    needed,
    'Without it a dump fails, or lacks what MySQL does not show. Nothing was dumped.',
  )
}

/**
 * Checks that an account has privileges.
 *
 * @param connection has all roles of the account active afterwards, if some are missing
 * @param consequence a sentence for the message: what comes of it
 * @throws {StepError} `PrivilegesMissing`, with the statements that give them
 */
export async function assertPrivileges(
  connection: Connection,
  facts: AccountFacts,
  needed: readonly NeededPrivileges[],
  consequence = '',
): Promise<void> {
  const missing = missingPrivileges(needed, await readGrants(connection, facts))
  if (missing.length === 0) return
  await connection.query('SET ROLE ALL')
  const missingFromRoles = missingPrivileges(needed, await readGrants(connection, facts))
  const lacks = describeMissing(missing)
  const rolesHelp = describeMissing(missingFromRoles) !== lacks
  const statements = [
    ...(rolesHelp ? [`SET DEFAULT ROLE ALL TO ${facts.account};`] : []),
    ...grantStatements(missingFromRoles, facts.account, !facts.hasPartialRevokes),
  ]
  throw new StepError({
    type: 'PrivilegesMissing',
    message: [
      `${facts.account} lacks ${lacks}.`,
      ...(rolesHelp ? ['It has roles that would help, and that are not active when it logs in.'] : []),
      ...(consequence ? [consequence] : []),
    ].join(' '),
    remedy: `As MySQL's administrator: ${cutMiddle(statements.join(' '), REMEDY_CHARACTERS)}`,
    retryable: false,
  })
}

/** Those of the account itself and of its roles that are active. */
async function readGrants(connection: Connection, { hasPartialRevokes }: AccountFacts): Promise<Grants> {
  // Names in backticks, whatever the server's SQL mode.
  await useDefinitionSettings(connection)
  const rows = await query(connection, grantRow, 'SHOW GRANTS')
  return new Grants(
    rows.flatMap((row) => Object.values(row)),
    !hasPartialRevokes,
  )
}
