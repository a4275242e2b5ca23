import { quoteName } from '../mysql/connection.ts'

/** In whose name and under which settings an object of a schema was made. */
interface ObjectContext {
  /** As MySQL has it: `user@host`. */
  readonly definer: string
  readonly sqlMode: string
  /** Of the connection: what its literals are in. */
  readonly collation: string
}

export interface TriggerFacts extends ObjectContext {
  readonly name: string
  readonly table: string
  /** `BEFORE` or `AFTER`. */
  readonly timing: string
  /** `INSERT`, `UPDATE` or `DELETE`. */
  readonly event: string
  readonly body: string
}

export interface EventFacts extends ObjectContext {
  readonly name: string
  readonly timeZone: string
  /** Of an event that happens once. */
  readonly executeAt: string | null
  readonly intervalValue: string | null
  readonly intervalField: string | null
  readonly starts: string | null
  readonly ends: string | null
  /** `ENABLED`, `DISABLED` and others that mean disabled on this server. */
  readonly status: string
  /** `PRESERVE` or `NOT PRESERVE`. */
  readonly onCompletion: string
  readonly comment: string
  readonly body: string
}

/**
 * SQL that makes triggers anew, in the order in which they fire. mysqldump hands a trigger on as its author wrote it: with the
 * schema in its name, if it was there, so that it could be restored nowhere else. Here, its parts are put together again.
 */
export function triggersSql(triggers: readonly TriggerFacts[]): string {
  return script(triggers, (trigger) => {
    const what = `TRIGGER ${quoteName(trigger.name)} ${trigger.timing} ${trigger.event} ON ${quoteName(trigger.table)}`
    return [`CREATE DEFINER=${quoteDefiner(trigger.definer)} ${what} FOR EACH ROW ${trigger.body}`]
  })
}

/**
 * SQL that makes events anew, none of them enabled: a restored event that fired would change what is to be proven, and may
 * name the schema that it came from.
 */
export function eventsSql(events: readonly EventFacts[]): string {
  return script(events, (event) => [
    `SET time_zone = ${quoteText(event.timeZone, event)}`,
    [
      `CREATE DEFINER=${quoteDefiner(event.definer)} EVENT ${quoteName(event.name)}`,
      `ON SCHEDULE ${schedule(event)} ON COMPLETION ${event.onCompletion} DISABLE`,
      ...(event.comment === '' ? [] : [`COMMENT ${quoteText(event.comment, event)}`]),
      `DO ${event.body}`,
    ].join(' '),
  ])
}

/** SQL that enables the events that were enabled. A restore for a proof leaves it out. */
export function eventStatesSql(events: readonly EventFacts[]): string {
  return script(
    events.filter(({ status }) => status === 'ENABLED'),
    (event) => [`ALTER DEFINER=${quoteDefiner(event.definer)} EVENT ${quoteName(event.name)} ENABLE`],
  )
}

function schedule(event: EventFacts): string {
  if (event.executeAt !== null) return `AT ${quoteText(event.executeAt, event)}`
  const starts = event.starts === null ? '' : ` STARTS ${quoteText(event.starts, event)}`
  const ends = event.ends === null ? '' : ` ENDS ${quoteText(event.ends, event)}`
  return `EVERY ${quoteText(event.intervalValue ?? '1', event)} ${event.intervalField ?? 'DAY'}${starts}${ends}`
}

/** A script for MySQL's command line client, each statement under the settings of its object. */
function script<Facts extends ObjectContext>(
  objects: readonly Facts[],
  statementsOf: (facts: Facts) => string[],
): string {
  const blocks = objects.map((object) => {
    const statements = [
      // The script is UTF-8, whatever its author's client spoke; literals become what they were by the connection's collation.
      'SET character_set_client = utf8mb4',
      `SET collation_connection = ${object.collation}`,
      `SET sql_mode = '${object.sqlMode}'`,
      ...statementsOf(object),
    ]
    const delimiter = freeDelimiter(statements)
    return [`DELIMITER ${delimiter}`, ...statements.map((sql) => `${sql}\n${delimiter}`), 'DELIMITER ;', ''].join('\n')
  })
  return blocks.join('\n')
}

/** A delimiter that stands in none of the statements. */
function freeDelimiter(statements: readonly string[]): string {
  let delimiter = '$$'
  while (statements.some((sql) => sql.includes(delimiter))) delimiter += '$'
  return delimiter
}

/** `user@host` in quotes. A user may hold an "@", a host cannot. */
function quoteDefiner(definer: string): string {
  const at = definer.lastIndexOf('@')
  return `${quoteName(definer.slice(0, at))}@${quoteName(definer.slice(at + 1))}`
}

/** A text as a literal, under the object's own SQL mode: in some, a backslash is only a backslash. */
function quoteText(text: string, { sqlMode }: ObjectContext): string {
  const escaped = sqlMode.includes('NO_BACKSLASH_ESCAPES') ? text : text.replaceAll('\\', '\\\\')
  return `'${escaped.replaceAll("'", "''")}'`
}
