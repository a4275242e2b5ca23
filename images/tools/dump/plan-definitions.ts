import { StepError } from '../job/step-error.ts'
import type { Connection } from '../mysql/connection.ts'
import { eventStatesSql, eventsSql, routinesSql, triggersSql, viewsSql } from '../schema/object-sql.ts'
import { readSchemaObjects, type SchemaObjects } from '../schema/schema-objects.ts'
import type { FileKind } from './dump-manifest.ts'
import type { RowsPlan } from './plan-rows.ts'
import type { PlannedDump, PlannedText } from './planned-files.ts'

/** Definitions to be dumped, which no snapshot of MySQL's keeps. */
export interface DefinitionsPlan {
  readonly schemas: ReadonlyMap<string, SchemaObjects>
  readonly files: readonly (PlannedDump | PlannedText)[]
}

const ONLY_TABLES = ['--no-data', '--skip-triggers', '--ignore-views']

/** Reads the definitions and decides which file is to hold what. @throws {StepError} `SchemaMissing` and others */
export async function planDefinitions(connection: Connection, { tables }: RowsPlan): Promise<DefinitionsPlan> {
  const schemas = new Map<string, SchemaObjects>()
  const files: (PlannedDump | PlannedText)[] = []
  for (const [schema, own] of tables) {
    const objects = await readSchemaObjects(connection, schema)
    if (!objects) throw schemaMissing(schema)
    const names = own.map(({ name }) => name)
    files.push(...definitionFiles(`s${schemas.size}`, schema, names, objects))
    schemas.set(schema, objects)
  }
  return { schemas, files }
}

function definitionFiles(
  prefix: string,
  schema: string,
  tables: string[],
  objects: SchemaObjects,
): (PlannedDump | PlannedText)[] {
  const { routines, views, triggers, events } = objects
  const texts: readonly [FileKind, string, readonly unknown[], () => string][] = [
    ['routines', '3-routines', routines, () => routinesSql(routines)],
    ['views', '4-views', views, () => viewsSql(views)],
    ['triggers', '5-triggers', triggers, () => triggersSql(triggers)],
    ['events', '6-events', events, () => eventsSql(events)],
    ['eventStates', '7-event-states', events, () => eventStatesSql(events)],
  ]
  const fileOf = (kind: FileKind, name: string) => ({ path: `${prefix}-${name}.sql.zst`, kind, schema, tables: [] })
  const structure = { ...fileOf('structure', '1-structure'), order: { options: ONLY_TABLES, schema, tables } }
  return [
    ...(tables.length > 0 ? [structure] : []),
    ...texts
      .filter(([, , own]) => own.length > 0)
      .map(([kind, name, , text]) => ({ ...fileOf(kind, name), text: text() })),
  ]
}

function schemaMissing(schema: string): StepError {
  return new StepError({
    type: 'SchemaMissing',
    message: `There is no schema \`${schema}\`.`,
    remedy: 'Correct its name in the request.',
    retryable: false,
  })
}
