import { StepError } from '../job/step-error.ts'
import type { Connection } from '../mysql/connection.ts'
import { listTableNames, listTables } from '../mysql/tables.ts'
import { balanceTables, type WeighedTable } from './balance-tables.ts'
import type { FileKind } from './dump-manifest.ts'
import type { DumpOrder } from './dump-process.ts'
import { eventStatesSql, eventsSql, routinesSql, triggersSql, viewsSql } from './object-sql.ts'
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

/** Rows to be dumped: each file by a process that has the snapshot. */
export interface RowsPlan {
  readonly tables: ReadonlyMap<string, readonly WeighedTable[]>
  readonly files: readonly PlannedFile[]
}

/** Definitions to be dumped, which no snapshot of MySQL's keeps. */
export interface DefinitionsPlan {
  readonly schemas: ReadonlyMap<string, SchemaObjects>
  readonly files: readonly PlannedFile[]
}

const ONLY_ROWS = ['--no-create-info', '--skip-triggers']
const ONLY_TABLES = ['--no-data', '--skip-triggers', '--ignore-views']

/**
 * Decides which process is to dump the rows of which tables. Files of a schema sort in the order in which they are loaded:
 * `zstd -dc s0-*.zst | mysql SCHEMA` restores it by hand.
 *
 * @throws {StepError} `EngineWithoutSnapshots`
 */
export async function planRows(connection: Connection, schemas: readonly string[], threads: number): Promise<RowsPlan> {
  const tables = new Map<string, readonly WeighedTable[]>()
  for (const schema of schemas) tables.set(schema, await listInnodbTables(connection, schema))
  const files = balanceTables(tables, threads).map(({ schema, tables }, index): PlannedFile => {
    const path = `s${schemas.indexOf(schema)}-2-data-${String(index).padStart(3, '0')}.sql.zst`
    return { path, kind: 'data', schema, tables, content: { options: ONLY_ROWS, schema, tables } }
  })
  return { tables, files }
}

/**
 * Checks that the tables are those of the plan. To be asked when no definition can change any more.
 *
 * @throws {StepError} `DefinitionsChanged`, worth a retry
 */
export async function assertStillPlanned(connection: Connection, { tables }: RowsPlan): Promise<void> {
  for (const [schema, planned] of tables) {
    const now = await listTableNames(connection, schema)
    if (now.join('/') === planned.map(({ name }) => name).join('/')) continue
    throw new StepError({
      type: 'DefinitionsChanged',
      message: `Tables of \`${schema}\` were made or dropped while its dump was about to begin.`,
      remedy: 'Try again.',
      retryable: true,
    })
  }
}

/** Reads the definitions and decides which file is to hold what. @throws {StepError} `SchemaMissing` and others */
export async function planDefinitions(connection: Connection, { tables }: RowsPlan): Promise<DefinitionsPlan> {
  const schemas = new Map<string, SchemaObjects>()
  const files: PlannedFile[] = []
  for (const [schema, own] of tables) {
    const objects = await readSchemaObjects(connection, schema)
    const names = own.map(({ name }) => name)
    files.push(...definitionFiles(`s${schemas.size}`, schema, names, objects))
    schemas.set(schema, objects)
  }
  return { schemas, files }
}

function definitionFiles(prefix: string, schema: string, tables: string[], objects: SchemaObjects): PlannedFile[] {
  const { routines, views, triggers, events } = objects
  const structure = { options: ONLY_TABLES, schema, tables }
  const candidates: readonly [FileKind, string, number, () => PlannedFile['content']][] = [
    ['structure', '1-structure', tables.length, () => structure],
    ['routines', '3-routines', routines.length, () => routinesSql(routines)],
    ['views', '4-views', views.length, () => viewsSql(views)],
    ['triggers', '5-triggers', triggers.length, () => triggersSql(triggers)],
    ['events', '6-events', events.length, () => eventsSql(events)],
    ['eventStates', '7-event-states', events.length, () => eventStatesSql(events)],
  ]
  return candidates
    .filter(([, , count]) => count > 0)
    .map(([kind, name, , content]) => {
      return { path: `${prefix}-${name}.sql.zst`, kind, schema, tables: [], content: content() }
    })
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
