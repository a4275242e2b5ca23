import { quoteName } from '../mysql/connection.ts'
import type { AccountFacts } from './account-facts.ts'
import { GRANT_OPTION, type Grants, SCHEMA_PRIVILEGES } from './grants.ts'

/** Privileges that a backup and its proof need. */
export interface NeededPrivileges {
  /** Absent: on all schemas. */
  readonly schema?: string
  /** Of each of these the first; the others would do as well. */
  readonly privileges: readonly (readonly [string, ...string[]])[]
}

/** What decides what is needed. */
export interface Server extends Pick<AccountFacts, 'hasBinaryLog' | 'trustsCreators'> {
  /** Those that will be backed up. */
  readonly schemas: readonly string[]
}

/** The book of the schemas that Holdfast made. */
const OWN_SCHEMA = 'holdfast'
/** What a request appends to a schema's name, unless it says otherwise. */
const RESTORE_SUFFIX = '_restored'

/** On each schema that is dumped. Without TRIGGER and EVENT MySQL hides those, without any of them tables, and says nothing. */
const READ_SCHEMA = ['SELECT', 'SHOW VIEW', 'TRIGGER', 'EVENT']

/** What an account needs for a dump of schemas to have all that they have. */
export function dumpPrivileges({ schemas, hasBinaryLog }: Omit<Server, 'trustsCreators'>): NeededPrivileges[] {
  return [
    { privileges: dumpPrivilegesOnAll(hasBinaryLog) },
    ...schemas.map((schema) => ({ schema, privileges: each(READ_SCHEMA) })),
  ]
}

/** What an account needs to dump schemas, and to restore each beside itself for the proof. */
export function neededPrivileges({ schemas, hasBinaryLog, trustsCreators }: Server): NeededPrivileges[] {
  return [
    {
      privileges: [
        ...dumpPrivilegesOnAll(hasBinaryLog),
        // Each restored schema is loaded under an account that reaches nothing else.
        ['CREATE USER'],
        // Functions and triggers of a restored schema: the account that makes them is given it for so long.
        ...(hasBinaryLog && !trustsCreators ? each(['SUPER', GRANT_OPTION]) : []),
      ],
    },
    // The last one for tables whose engine has no snapshots.
    ...schemas.map((schema) => ({ schema, privileges: each([...READ_SCHEMA, 'LOCK TABLES']) })),
    { schema: OWN_SCHEMA, privileges: each(['CREATE', 'SELECT', 'INSERT', 'UPDATE', 'DELETE']) },
    ...schemas.map((schema) => ({
      schema: schema + RESTORE_SUFFIX,
      privileges: each([...SCHEMA_PRIVILEGES, GRANT_OPTION]),
    })),
  ]
}

function dumpPrivilegesOnAll(hasBinaryLog: boolean): NeededPrivileges['privileges'] {
  return [
    // The short global read lock, under which the snapshot is opened.
    ['RELOAD', 'FLUSH_TABLES'],
    // Without it routines of others are not seen.
    ['SHOW_ROUTINE', 'SELECT'],
    // Where in the stream of writes the snapshot is.
    ...(hasBinaryLog ? [['REPLICATION CLIENT', 'SUPER'] as const] : []),
  ]
}

function each(privileges: readonly string[]): NeededPrivileges['privileges'] {
  return privileges.map((privilege) => [privilege] as const)
}

/** What of it is not there. */
export function missingPrivileges(needed: readonly NeededPrivileges[], grants: Grants): NeededPrivileges[] {
  return needed.flatMap(({ schema, privileges }) => {
    const missing = privileges.filter((each) => !each.some((privilege) => grants.has(privilege, schema)))
    return missing.length === 0 ? [] : [{ ...(schema !== undefined && { schema }), privileges: missing }]
  })
}

/** What is missing, in words: `RELOAD on *.*`. */
export function describeMissing(missing: readonly NeededPrivileges[]): string {
  return missing.map(({ schema, privileges }) => `${listed(namesOf(privileges))} on ${place(schema, false)}`).join('; ')
}

/**
 * The statements that give what is missing.
 *
 * @param account as SQL has it
 * @param hasWildCards whether "_" and "%" in the name of a schema mean more than themselves in GRANT
 */
export function grantStatements(
  missing: readonly NeededPrivileges[],
  account: string,
  hasWildCards: boolean,
): string[] {
  return missing.map(({ schema, privileges }) => {
    const names = namesOf(privileges)
    const option = names.includes(GRANT_OPTION) ? ' WITH GRANT OPTION' : ''
    const others = names.filter((name) => name !== GRANT_OPTION)
    return `GRANT ${listed(others) || 'USAGE'} ON ${place(schema, hasWildCards)} TO ${account}${option};`
  })
}

function namesOf(privileges: NeededPrivileges['privileges']): string[] {
  return privileges.map(([privilege]) => privilege)
}

function listed(names: readonly string[]): string {
  if (!SCHEMA_PRIVILEGES.every((privilege) => names.includes(privilege))) return names.join(', ')
  return ['ALL', ...names.filter((name) => !SCHEMA_PRIVILEGES.includes(name))].join(', ')
}

function place(schema: string | undefined, hasWildCards: boolean): string {
  if (schema === undefined) return '*.*'
  const literal = hasWildCards ? schema.replaceAll(/[_%]/g, (wildCard) => `\\${wildCard}`) : schema
  return `${quoteName(literal)}.*`
}
