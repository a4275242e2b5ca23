import { z } from 'zod'
import { StepError } from '../job/step-error.ts'
import { type Connection, query, queryOne } from '../mysql/connection.ts'
import type { EventFacts, TriggerFacts } from './object-sql.ts'

/** What a schema has beside base tables. */
export interface SchemaObjects {
  readonly characterSet: string
  readonly collation: string
  readonly views: readonly string[]
  readonly routines: number
  readonly triggers: readonly TriggerFacts[]
  readonly events: readonly EventFacts[]
}

const charsetRow = z.object({ characterSet: z.string(), collation: z.string() })
const viewRow = z.object({ name: z.string() })
const countRow = z.object({ count: z.number() })
const contextColumns = {
  definer: z.string(),
  sqlMode: z.string(),
  collation: z.string(),
}
const triggerRow = z.object({
  ...contextColumns,
  name: z.string(),
  table: z.string(),
  timing: z.string(),
  event: z.string(),
  body: z.string(),
})
const eventRow = z.object({
  ...contextColumns,
  name: z.string(),
  timeZone: z.string(),
  executeAt: z.string().nullable(),
  intervalValue: z.string().nullable(),
  intervalField: z.string().nullable(),
  starts: z.string().nullable(),
  ends: z.string().nullable(),
  status: z.string(),
  onCompletion: z.string(),
  comment: z.string(),
  body: z.string(),
})

/** Reads what a schema has beside its base tables. @throws {StepError} `SchemaMissing` */
export async function readSchemaObjects(connection: Connection, schema: string): Promise<SchemaObjects> {
  const charsetSql = `SELECT default_character_set_name AS characterSet, default_collation_name AS collation
    FROM information_schema.schemata WHERE schema_name = ?`
  const viewSql = `SELECT table_name AS name FROM information_schema.views WHERE table_schema = ? ORDER BY table_name`
  const routineSql = 'SELECT COUNT(*) AS count FROM information_schema.routines WHERE routine_schema = ?'
  const triggerSql = `SELECT trigger_name AS name, event_object_table AS \`table\`, action_timing AS timing,
    event_manipulation AS event, action_statement AS body, definer AS definer, sql_mode AS sqlMode,
    collation_connection AS collation
    FROM information_schema.triggers WHERE trigger_schema = ?
    ORDER BY event_object_table, action_timing, event_manipulation, action_order`
  const eventSql = `SELECT event_name AS name, definer AS definer, time_zone AS timeZone, event_definition AS body,
    execute_at AS executeAt, interval_value AS intervalValue, interval_field AS intervalField, starts AS starts, ends AS ends, status AS status,
    on_completion AS onCompletion, event_comment AS comment, sql_mode AS sqlMode,
    collation_connection AS collation
    FROM information_schema.events WHERE event_schema = ? ORDER BY event_name`
  const [charset] = await query(connection, charsetRow, charsetSql, [schema])
  if (!charset) throw schemaMissing(schema)
  const views = await query(connection, viewRow, viewSql, [schema])
  const { count } = await queryOne(connection, countRow, routineSql, [schema])
  const triggers = await query(connection, triggerRow, triggerSql, [schema])
  const events = await query(connection, eventRow, eventSql, [schema])
  return { ...charset, views: views.map(({ name }) => name), routines: count, triggers, events }
}

function schemaMissing(schema: string): StepError {
  return new StepError({
    type: 'SchemaMissing',
    message: `There is no schema \`${schema}\`.`,
    remedy: 'Correct its name in the request.',
    retryable: false,
  })
}
