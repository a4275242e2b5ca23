/** What one line of SHOW GRANTS gives, or takes from what another one gives. */
interface Grant {
  readonly takes: boolean
  readonly privileges: ReadonlySet<string>
  /** As GRANT has it: a name in which "_" and "%" may be wild cards. Undefined: all schemas. */
  readonly schema: string | undefined
}

/** One that is about all schemas, or all of one schema: those of single tables and routines, proxies and roles are no matter here. */
const LINE = /^(GRANT|REVOKE) (.+) ON (?:\*\.\*|`((?:[^`]|``)+)`\.\*) (?:TO|FROM) /

/** What `GRANT ALL ON schema.*` gives. */
export const SCHEMA_PRIVILEGES: readonly string[] = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'DROP',
  'REFERENCES',
  'INDEX',
  'ALTER',
  'CREATE TEMPORARY TABLES',
  'LOCK TABLES',
  'EXECUTE',
  'CREATE VIEW',
  'SHOW VIEW',
  'CREATE ROUTINE',
  'ALTER ROUTINE',
  'EVENT',
  'TRIGGER',
]

/** May hand on what it has: in SHOW GRANTS it stands at the end of a line. */
export const GRANT_OPTION = 'GRANT OPTION'

/** The privileges of an account, as SHOW GRANTS tells them to it. */
export class Grants {
  readonly #grants: readonly Grant[]
  readonly #hasWildCards: boolean

  /**
   * @param lines of SHOW GRANTS
   * @param hasWildCards whether "_" and "%" in the name of a schema mean more than themselves: not with `partial_revokes`
   */
  constructor(lines: readonly string[], hasWildCards: boolean) {
    this.#grants = lines.flatMap((line) => parse(line) ?? [])
    this.#hasWildCards = hasWildCards
  }

  /** Whether the account has a privilege on a schema; without a schema, on all. */
  has(privilege: string, schema?: string): boolean {
    const isGlobal = this.#grants.some((grant) => grant.schema === undefined && isOf(grant, privilege))
    if (schema === undefined) return isGlobal
    const isTaken = this.#grants.some((grant) => grant.takes && grant.schema === schema && isOf(grant, privilege))
    if (isTaken) return false
    const about = this.#linesAbout(schema)
    return isGlobal || (about.length > 0 && about.every((grant) => isOf(grant, privilege)))
  }

  /**
   * The lines by which MySQL may go that name a schema. It goes by one of them, the most specific one, and not by what all of them give
   * together: "Access Control, Stage 2" in its manual. Which of several patterns that is depends on more than is told here: what each
   * gives is had in any case.
   */
  #linesAbout(schema: string): readonly Grant[] {
    const grants = this.#grants.filter(({ takes }) => !takes)
    const exact = grants.filter(({ schema: name }) => name !== undefined && this.#literal(name) === schema)
    if (exact.length > 0 || !this.#hasWildCards) return exact
    return grants.filter(({ schema: pattern }) => pattern !== undefined && matches(pattern, schema))
  }

  /** The one schema that a name in GRANT is about; undefined if it has wild cards. */
  #literal(name: string): string | undefined {
    if (!this.#hasWildCards) return name
    if (/^(?:\\[\s\S]|[^_%])*$/u.test(name)) return name.replaceAll(/\\([\s\S])/gu, '$1')
    return undefined
  }
}

function isOf({ privileges, schema }: Grant, privilege: string): boolean {
  if (privileges.has(privilege)) return true
  return privileges.has('ALL PRIVILEGES') && (schema === undefined || SCHEMA_PRIVILEGES.includes(privilege))
}

function parse(line: string): Grant | undefined {
  const [, verb, list, name] = LINE.exec(line) ?? []
  if (list === undefined) return undefined
  const option = line.endsWith(' WITH GRANT OPTION') ? [GRANT_OPTION] : []
  return {
    takes: verb === 'REVOKE',
    privileges: new Set([...list.split(/, ?/), ...option]),
    schema: name?.replaceAll('``', '`'),
  }
}

/** As LIKE has it, letter by letter. */
function matches(pattern: string, schema: string): boolean {
  const expression = pattern.replaceAll(/\\?[\s\S]/gu, (part) => {
    if (part === '%') return '[\\s\\S]*'
    if (part === '_') return '[\\s\\S]'
    const letter = part.length > 1 && part.startsWith('\\') ? part.slice(1) : part
    return letter.replace(/[$()*+./?[\\\]^{|}]/, '\\$&')
  })
  return new RegExp(`^${expression}$`, 'u').test(schema)
}
