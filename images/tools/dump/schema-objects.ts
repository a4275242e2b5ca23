import { z } from 'zod'
import { StepError } from '../job/step-error.ts'
import { type Connection, query, queryOne, quoteName } from '../mysql/connection.ts'
import type { EventFacts, ObjectFacts, TriggerFacts, ViewFacts } from './object-sql.ts'

/** What a schema has beside base tables. */
export interface SchemaObjects {
  readonly characterSet: string
  readonly collation: string
  readonly routines: readonly ObjectFacts[]
  readonly views: readonly ViewFacts[]
  readonly triggers: readonly TriggerFacts[]
  readonly events: readonly EventFacts[]
}

const charsetRow = z.object({ characterSet: z.string(), collation: z.string() })
const viewRow = z.object({ name: z.string(), column: z.string() })
const routineRow = z.object({ name: z.string(), type: z.enum(['FUNCTION', 'PROCEDURE']) })
const triggerRow = z.object({ name: z.string(), table: z.string(), timing: z.string(), event: z.string() })
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

/** Reads what a schema has beside its base tables. @throws {StepError} `SchemaMissing` */
export async function readSchemaObjects(connection: Connection, schema: string): Promise<SchemaObjects> {
  const charsetSql = `SELECT default_character_set_name AS characterSet, default_collation_name AS collation
    FROM information_schema.schemata WHERE schema_name = ?`
  const [charset] = await query(connection, charsetRow, charsetSql, [schema])
  if (!charset) throw schemaMissing(schema)
  // Of names without their schema MySQL makes them only for the schema that is in use.
  await connection.query(`USE ${quoteName(schema)}`)
  return {
    ...charset,
    routines: await readRoutines(connection, schema),
    views: await readViews(connection, schema),
    triggers: await readTriggers(connection, schema),
    events: await readEvents(connection, schema),
  }
}

// Definitions come from SHOW CREATE. information_schema has them as well, but with the escapes of their literals undone: a text
// with a quote in it would be restored as another text, or not at all.

async function readRoutines(connection: Connection, schema: string): Promise<ObjectFacts[]> {
  const sql = `SELECT routine_name AS name, routine_type AS type FROM information_schema.routines
    WHERE routine_schema = ? AND routine_type IN ('FUNCTION', 'PROCEDURE') ORDER BY routine_type, routine_name`
  const routines: ObjectFacts[] = []
  for (const { name, type } of await query(connection, routineRow, sql, [schema])) {
    const shown = await queryOne(
      connection,
      shownRoutineRow,
      `SHOW CREATE ${type} ${quoteName(schema)}.${quoteName(name)}`,
    )
    const statement = shown['Create Function'] ?? shown['Create Procedure']
    if (typeof statement !== 'string') throw mayNotRead(schema, name)
    routines.push({ name, statement, sqlMode: shown.sql_mode, collation: shown.collation_connection })
  }
  return routines
}

async function readViews(connection: Connection, schema: string): Promise<ViewFacts[]> {
  const sql = `SELECT v.table_name AS name, c.column_name AS \`column\` FROM information_schema.views v
    JOIN information_schema.columns c ON c.table_schema = v.table_schema AND c.table_name = v.table_name
    WHERE v.table_schema = ? ORDER BY v.table_name, c.ordinal_position`
  const columns = new Map<string, string[]>()
  for (const { name, column } of await query(connection, viewRow, sql, [schema])) {
    columns.set(name, [...(columns.get(name) ?? []), column])
  }
  const views: ViewFacts[] = []
  for (const [name, own] of columns) {
    const shown = await queryOne(connection, shownViewRow, `SHOW CREATE VIEW ${quoteName(schema)}.${quoteName(name)}`)
    views.push({ name, columns: own, statement: shown['Create View'], collation: shown.collation_connection })
  }
  return views
}

async function readTriggers(connection: Connection, schema: string): Promise<TriggerFacts[]> {
  const sql = `SELECT trigger_name AS name, event_object_table AS \`table\`, action_timing AS timing,
    event_manipulation AS event FROM information_schema.triggers WHERE trigger_schema = ?
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

function schemaMissing(schema: string): StepError {
  return new StepError({
    type: 'SchemaMissing',
    message: `There is no schema \`${schema}\`.`,
    remedy: 'Correct its name in the request.',
    retryable: false,
  })
}

function mayNotRead(schema: string, routine: string): StepError {
  return new StepError({
    type: 'DefinitionNotReadable',
    message: `The account may not read the definition of \`${schema}\`.\`${routine}\`.`,
    remedy: 'Grant it SHOW_ROUTINE, or SELECT on all schemas: a backup without its routines is none.',
    retryable: false,
  })
}
