import { StepError } from '../job/step-error.ts'
import { quoteName } from '../mysql/connection.ts'
import { DEFINER, NAME, renderScript } from './object-script.ts'

/** An object of a schema as `SHOW CREATE` has it, with the settings under which its text is to be read. */
export interface ObjectFacts {
  readonly name: string
  readonly statement: string
  readonly sqlMode: string
  /** Of the connection: what its literals are in. */
  readonly collation: string
}

export interface RoutineFacts extends ObjectFacts {
  readonly kind: 'function' | 'procedure'
}

export interface ViewFacts extends Omit<ObjectFacts, 'sqlMode'> {
  readonly columns: readonly string[]
}

export interface TriggerFacts extends ObjectFacts {
  readonly table: string
  /** `BEFORE` or `AFTER`. */
  readonly timing: string
  /** `INSERT`, `UPDATE` or `DELETE`. */
  readonly event: string
  /** When it fires among those of the same table, timing and event, from 1. */
  readonly order: number
}

export interface EventFacts extends ObjectFacts {
  readonly timeZone: string
  /** `ENABLED`, `DISABLED` and others that mean disabled on this server. */
  readonly status: string
}

const QUALIFIED_NAME = `${NAME}(?:\\s*\\.\\s*${NAME})?`

/** What stands before a trigger's body. Its author wrote it, all but the definer. */
const TRIGGER_HEAD = new RegExp(
  `^CREATE\\s+(${DEFINER})\\s+TRIGGER\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?${QUALIFIED_NAME}\\s+(?:BEFORE|AFTER)\\s+` +
    `(?:INSERT|UPDATE|DELETE)\\s+ON\\s+${QUALIFIED_NAME}\\s+FOR\\s+EACH\\s+ROW\\s+(?:(?:FOLLOWS|PRECEDES)\\s+${NAME}\\s+)?`,
  'i',
)

/** What stands before a view's query. MySQL writes it, always in this form. */
const VIEW_HEAD = new RegExp(
  `^CREATE ALGORITHM=\\w+ ${DEFINER} SQL SECURITY \\w+ VIEW ${NAME}(?: \\((?:${NAME},?)+\\))? AS `,
)

/** What stands before an event's comment and body. MySQL writes it, always in this form. */
const EVENT_HEAD = new RegExp(
  `^(CREATE (${DEFINER}) EVENT ${NAME} ON SCHEDULE [^]*? ON COMPLETION (?:NOT )?PRESERVE )` +
    '(?:ENABLE|DISABLE(?: ON (?:SLAVE|REPLICA))?)',
)

/** SQL that makes functions and procedures anew. */
export function routinesSql(routines: readonly ObjectFacts[]): string {
  return renderScript(routines.flatMap((routine) => [...settingsOf(routine), routine.statement]))
}

/** SQL that makes views anew: stand-ins with their columns first, because a view may be made of any other. */
export function viewsSql(views: readonly ViewFacts[]): string {
  const standIns = views.map(({ name, columns }) => {
    const list = columns.map((column) => `1 AS ${quoteName(column)}`).join(', ')
    return `CREATE OR REPLACE VIEW ${quoteName(name)} AS SELECT ${list}`
  })
  const finals = views.flatMap((view) => [
    ...settingsOf({ ...view, sqlMode: '' }),
    view.statement.replace(/^CREATE /, 'CREATE OR REPLACE '),
  ])
  return renderScript([...standIns, ...finals])
}

/** The query that a view is made of. */
export function viewQuery(statement: string): string {
  return statement.replace(VIEW_HEAD, '').replace(/ WITH (?:CASCADED|LOCAL) CHECK OPTION$/, '')
}

/**
 * SQL that makes triggers anew, in the order in which they fire. MySQL keeps a trigger as its author wrote it, with the schema
 * in its name if it was there, so that it could be restored nowhere else: its head is written again without.
 */
export function triggersSql(triggers: readonly TriggerFacts[]): string {
  return renderScript(triggers.flatMap((trigger) => [...settingsOf(trigger), triggerStatement(trigger)]))
}

/**
 * SQL that makes events anew, none of them enabled: a restored event that fired would change what is to be proven, and may
 * name the schema that it came from.
 *
 * @throws {StepError} `EventNotUnderstood`
 */
export function eventsSql(events: readonly EventFacts[]): string {
  return renderScript(
    events.flatMap((event) => [
      ...settingsOf(event),
      `SET time_zone = '${event.timeZone}'`,
      disabledEventStatement(event),
    ]),
  )
}

/** The statement that makes an event, disabled. @throws {StepError} `EventNotUnderstood` */
export function disabledEventStatement(event: EventFacts): string {
  const { whole, head } = eventHead(event)
  return `${head}DISABLE${event.statement.slice(whole.length)}`
}

/** SQL that enables the events that were enabled. A restore for a proof leaves it out. */
export function eventStatesSql(events: readonly EventFacts[]): string {
  const enabled = events.filter(({ status }) => status === 'ENABLED')
  return renderScript(enabled.map((event) => `ALTER ${eventHead(event).definer} EVENT ${quoteName(event.name)} ENABLE`))
}

function settingsOf({ sqlMode, collation }: Pick<ObjectFacts, 'sqlMode' | 'collation'>): string[] {
  return [
    // The script is UTF-8, whatever its author's client spoke; literals become what they were by the connection's collation.
    'SET character_set_client = utf8mb4',
    `SET collation_connection = ${collation}`,
    `SET sql_mode = '${sqlMode}'`,
  ]
}

/** The statement that makes a trigger in whichever schema is in use. */
export function triggerStatement({ name, table, timing, event, statement }: TriggerFacts): string {
  const head = TRIGGER_HEAD.exec(statement)
  // A comment in its head, say: as it is, it can be restored at least where it came from.
  if (!head?.[1]) return statement
  const body = statement.slice(head[0].length)
  return `CREATE ${head[1]} TRIGGER ${quoteName(name)} ${timing} ${event} ON ${quoteName(table)} FOR EACH ROW ${body}`
}

function eventHead(event: EventFacts): { whole: string; head: string; definer: string } {
  const found = EVENT_HEAD.exec(event.statement)
  if (found?.[1] && found[2]) return { whole: found[0], head: found[1], definer: found[2] }
  throw new StepError({
    type: 'EventNotUnderstood',
    message: `The event \`${event.name}\` has a definition that Holdfast cannot read: ${event.statement.slice(0, 200)}`,
    remedy: 'Report it with the version of MySQL.',
    retryable: false,
  })
}
