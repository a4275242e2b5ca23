import { StepError } from '../job/step-error.ts'
import type { Connection } from '../mysql/connection.ts'
import { listTables } from '../mysql/tables.ts'
import { balanceTables, type WeighedTable } from './balance-tables.ts'
import type { FileKind } from './dump-manifest.ts'
import type { DumpOrder } from './dump-process.ts'
import { eventStatesSql, eventsSql, triggersSql } from './object-sql.ts'
import { readSchemaObjects, type SchemaObjects } from './schema-objects.ts'

/** A file to be written: by mysqldump, or with a text. */
export interface PlannedFile {
  readonly path: string
  readonly kind: FileKind
  readonly schema: string
  /** Those whose rows it will hold. */
  readonly tables: readonly string[]
  readonly content: Omit<DumpOrder, 'statements'> | string
}

/** What is to be dumped. */
export interface DumpPlan {
  /** With rows of tables: each is dumped in the snapshot. */
  readonly data: readonly PlannedFile[]
  /** Definitions, which no snapshot of MySQL's keeps. */
  readonly definitions: readonly PlannedFile[]
  readonly tables: ReadonlyMap<string, readonly WeighedTable[]>
  readonly schemas: ReadonlyMap<string, SchemaObjects>
}

const ONLY_ROWS = ['--no-create-info', '--skip-triggers']
const ONLY_TABLES = ['--no-data', '--skip-triggers', '--ignore-views']
const ONLY_VIEWS_AND_ROUTINES = ['--no-data', '--skip-triggers', '--routines']

/**
 * Looks at the schemas and decides which file is to hold what. Files of a schema sort in the order in which they are loaded:
 * `zstd -dc s0-*.zst | mysql SCHEMA` restores it by hand.
 *
 * @throws {StepError} `SchemaMissing` or `EngineWithoutSnapshots`
 */
export async function planDump(connection: Connection, schemas: readonly string[], threads: number): Promise<DumpPlan> {
  const tables = new Map<string, readonly WeighedTable[]>()
  const objects = new Map<string, SchemaObjects>()
  for (const schema of schemas) {
    objects.set(schema, await readSchemaObjects(connection, schema))
    tables.set(schema, await listInnodbTables(connection, schema))
  }
  const data = balanceTables(tables, threads).map(({ schema, tables }, index): PlannedFile => {
    const path = `s${schemas.indexOf(schema)}-2-data-${String(index).padStart(3, '0')}.sql.zst`
    return { path, kind: 'data', schema, tables, content: { options: ONLY_ROWS, schema, tables } }
  })
  const definitions = schemas.flatMap((schema, index) => {
    const names = tables.get(schema)?.map(({ name }) => name) ?? []
    const own = objects.get(schema)
    return own ? planDefinitions(`s${index}`, schema, names, own) : []
  })
  return { data, definitions, tables, schemas: objects }
}

function planDefinitions(prefix: string, schema: string, tables: string[], objects: SchemaObjects): PlannedFile[] {
  const { views, routines, triggers, events } = objects
  const planned: PlannedFile[] = []
  function plan(kind: FileKind, name: string, content: PlannedFile['content']): void {
    planned.push({ path: `${prefix}-${name}.sql.zst`, kind, schema, tables: [], content })
  }
  if (tables.length > 0) plan('structure', '1-structure', { options: ONLY_TABLES, schema, tables })
  if (views.length + routines > 0) {
    // Without a name, mysqldump would take all tables.
    const options = views.length > 0 ? ONLY_VIEWS_AND_ROUTINES : [...ONLY_VIEWS_AND_ROUTINES, '--no-create-info']
    plan('routines', '3-routines', { options, schema, tables: views })
  }
  if (triggers.length > 0) plan('triggers', '4-triggers', triggersSql(triggers))
  if (events.length > 0) plan('events', '5-events', eventsSql(events))
  if (events.some(({ status }) => status === 'ENABLED')) plan('eventStates', '6-event-states', eventStatesSql(events))
  return planned
}

async function listInnodbTables(connection: Connection, schema: string): Promise<WeighedTable[]> {
  const tables = await listTables(connection, schema)
  const others = tables.filter(({ engine }) => engine.toLowerCase() !== 'innodb')
  if (others.length === 0) return tables
  throw new StepError({
    type: 'EngineWithoutSnapshots',
    message: `Tables of \`${schema}\` are not InnoDB: ${others.map(({ name, engine }) => `${name} (${engine})`).join(', ')}.`,
    remedy: 'Only InnoDB tables can be dumped in one snapshot while others write: ALTER TABLE … ENGINE=InnoDB.',
    retryable: false,
  })
}
