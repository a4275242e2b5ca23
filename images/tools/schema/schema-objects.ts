import { z } from 'zod'
import { hasCode, StepError } from '../job/step-error.ts'
import { type Connection, query, queryOne, quoteName } from '../mysql/connection.ts'
import { useDefinitionSettings } from '../mysql/definition-settings.ts'
import { type EventFacts, type RoutineFacts, type TriggerFacts, type ViewFacts, viewQuery } from './object-sql.ts'
import { withoutSchemaOfFunctions } from './schema-mentions.ts'

/** What a schema has beside base tables and their rows. */
export interface SchemaObjects {
  readonly characterSet: string
  readonly collation: string
  /** By table, what its next row gets for the AUTO_INCREMENT column: only tables that have one. */
  readonly autoIncrements: ReadonlyMap<string, string>
  readonly routines: readonly RoutineFacts[]
  readonly views: readonly ViewFacts[]
  /** Names of views that refer to what is not there. They cannot be made anew, and so are no part of a backup. */
  readonly brokenViews: readonly string[]
  readonly triggers: readonly TriggerFacts[]
  readonly events: readonly EventFacts[]
}

const charsetRow = z.object({ characterSet: z.string(), collation: z.string() })
const counterRow = z.object({ name: z.string(), next: z.coerce.string() })
const viewRow = z.object({ name: z.string(), comment: z.string() })
const viewColumnRow = z.object({ name: z.string(), column: z.string() })
const routineRow = z.object({ name: z.string(), type: z.enum(['FUNCTION', 'PROCEDURE']) })
const triggerRow = z.object({
  name: z.string(),
  table: z.string(),
  timing: z.string(),
  event: z.string(),
  order: z.number(),
})
const eventRow = z.object({ name: z.string(), status: z.string() })
const shownRow = z.object({ sql_mode: z.string(), collation_connection: z.string() })
const shownViewRow = z.object({ 'Create View': z.string(), collation_connection: z.string() })
const shownRoutineRow = shownRow.extend({
  // Null where the account may not read the definition.
  'Create Function': z.string().nullish(),
  'Create Procedure': z.string().nullish(),
})
const shownTriggerRow = shownRow.extend({ 'SQL Original Statement': z.string() })
const shownEventRow = shownRow.extend({ 'Create Event': z.string(), time_zone: z.string() })

/**
 * Reads what a schema has beside its base tables and their rows.
 *
 * @returns undefined if there is no such schema
 * @throws {StepError} `DefinitionNotReadable`
 */
export async function readSchemaObjects(connection: Connection, schema: string): Promise<SchemaObjects | undefined> {
  const charsetSql = `SELECT default_character_set_name AS characterSet, default_collation_name AS collation
    FROM information_schema.schemata WHERE schema_name = ?`
  const [charset] = await query(connection, charsetRow, charsetSql, [schema])
  if (!charset) return undefined
  await useDefinitionSettings(connection)
  // Of names without their schema MySQL makes them only for the schema that is in use.
  await connection.query(`USE ${quoteName(schema)}`)
  return {
    ...charset,
    autoIncrements: await readAutoIncrements(connection, schema),
    routines: await readRoutines(connection, schema),
    ...(await readViews(connection, schema)),
    triggers: await readTriggers(connection, schema),
    events: await readEvents(connection, schema),
  }
}

async function readAutoIncrements(connection: Connection, schema: string): Promise<Map<string, string>> {
  const sql = `SELECT table_name AS name, auto_increment AS next FROM information_schema.tables
    WHERE table_schema = ? AND auto_increment IS NOT NULL`
  const counters = await query(connection, counterRow, sql, [schema])
  return new Map(counters.map(({ name, next }) => [name, next]))
}

// Definitions come from SHOW CREATE. information_schema has them as well, but with the escapes of their literals undone: a text
// with a quote in it would be restored as another text, or not at all.

async function readRoutines(connection: Connection, schema: string): Promise<RoutineFacts[]> {
  const sql = `SELECT routine_name AS name, routine_type AS type FROM information_schema.routines
    WHERE routine_schema = ? AND routine_type IN ('FUNCTION', 'PROCEDURE') ORDER BY routine_type, routine_name`
  const routines: RoutineFacts[] = []
  for (const { name, type } of await query(connection, routineRow, sql, [schema])) {
    const shown = await queryOne(
      connection,
      shownRoutineRow,
      `SHOW CREATE ${type} ${quoteName(schema)}.${quoteName(name)}`,
    )
    const statement = shown['Create Function'] ?? shown['Create Procedure']
    if (typeof statement !== 'string') throw mayNotRead(schema, name)
    const kind = type === 'FUNCTION' ? 'function' : 'procedure'
    routines.push({ kind, name, statement, sqlMode: shown.sql_mode, collation: shown.collation_connection })
  }
  return routines
}

async function readViews(
  connection: Connection,
  schema: string,
): Promise<Pick<SchemaObjects, 'views' | 'brokenViews'>> {
  const sql = `SELECT table_name AS name, table_comment AS comment FROM information_schema.tables
    WHERE table_schema = ? AND table_type = 'VIEW' ORDER BY table_name`
  const columns = await readViewColumns(connection, schema)
  const views: ViewFacts[] = []
  const brokenViews: string[] = []
  for (const { name, comment } of await query(connection, viewRow, sql, [schema])) {
    const shown = await queryOne(connection, shownViewRow, `SHOW CREATE VIEW ${quoteName(schema)}.${quoteName(name)}`)
    const statement = withoutSchemaOfFunctions(shown['Create View'], schema)
    // MySQL writes in place of this word why a view cannot be used, be it only that its definer is gone.
    if (comment !== 'VIEW' && !(await isMakeable(connection, statement))) brokenViews.push(name)
    else views.push({ name, columns: columns.get(name) ?? [], statement, collation: shown.collation_connection })
  }
  return { views, brokenViews }
}

/** Whether a view could be made anew: what it refers to is there, whoever may read it. */
async function isMakeable(connection: Connection, statement: string): Promise<boolean> {
  try {
    await connection.query('SET @holdfast_view = ?', [viewQuery(statement)])
    await connection.query('PREPARE holdfast_view FROM @holdfast_view')
    await connection.query('DEALLOCATE PREPARE holdfast_view')
    return true
  } catch (error) {
    const isMissing = hasCode(
      error,
      'ER_NO_SUCH_TABLE',
      'ER_BAD_FIELD_ERROR',
      'ER_SP_DOES_NOT_EXIST',
      'ER_VIEW_INVALID',
      'ER_BAD_DB_ERROR',
    )
    return !isMissing
  }
}

async function readViewColumns(connection: Connection, schema: string): Promise<Map<string, string[]>> {
  const sql = `SELECT v.table_name AS name, c.column_name AS \`column\` FROM information_schema.views v
    JOIN information_schema.columns c ON c.table_schema = v.table_schema AND c.table_name = v.table_name
    WHERE v.table_schema = ? ORDER BY v.table_name, c.ordinal_position`
  const columns = new Map<string, string[]>()
  for (const { name, column } of await query(connection, viewColumnRow, sql, [schema])) {
    columns.set(name, [...(columns.get(name) ?? []), column])
  }
  return columns
}

async function readTriggers(connection: Connection, schema: string): Promise<TriggerFacts[]> {
  const sql = `SELECT trigger_name AS name, event_object_table AS \`table\`, action_timing AS timing,
    event_manipulation AS event, action_order AS \`order\` FROM information_schema.triggers WHERE trigger_schema = ?
    ORDER BY event_object_table, action_timing, event_manipulation, action_order`
  const triggers: TriggerFacts[] = []
  for (const trigger of await query(connection, triggerRow, sql, [schema])) {
    const name = `${quoteName(schema)}.${quoteName(trigger.name)}`
    const shown = await queryOne(connection, shownTriggerRow, `SHOW CREATE TRIGGER ${name}`)
    const statement = shown['SQL Original Statement']
    triggers.push({ ...trigger, statement, sqlMode: shown.sql_mode, collation: shown.collation_connection })
  }
  return triggers
}

async function readEvents(connection: Connection, schema: string): Promise<EventFacts[]> {
  const sql = `SELECT event_name AS name, status AS status FROM information_schema.events
    WHERE event_schema = ? ORDER BY event_name`
  const events: EventFacts[] = []
  for (const event of await query(connection, eventRow, sql, [schema])) {
    const shown = await queryOne(
      connection,
      shownEventRow,
      `SHOW CREATE EVENT ${quoteName(schema)}.${quoteName(event.name)}`,
    )
    const statement = shown['Create Event']
    const { sql_mode: sqlMode, collation_connection: collation, time_zone: timeZone } = shown
    events.push({ ...event, statement, sqlMode, collation, timeZone })
  }
  return events
}

function mayNotRead(schema: string, routine: string): StepError {
  return new StepError({
    type: 'DefinitionNotReadable',
    message: `The account may not read the definition of \`${schema}\`.\`${routine}\`.`,
    remedy: 'Grant it SHOW_ROUTINE, or SELECT on all schemas: a backup without its routines is none.',
    retryable: false,
  })
}
