import { StepError } from '../job/step-error.ts'
import type { Connection } from '../mysql/connection.ts'
import { listTableEngines, listTables, type TableFacts } from '../mysql/tables.ts'
import { listTablesWithFloats } from './exact-rows.ts'
import { bytesOfGroup, type Group, groupRows, type Piece } from './group-rows.ts'
import type { PlannedDump, PlannedFile } from './planned-files.ts'
import { splitTable } from './split-table.ts'

/** Rows to be dumped. Files with rows sort after those with tables, and before those with views and the like. */
export interface RowsPlan {
  /** By schema, every table. */
  readonly tables: ReadonlyMap<string, readonly TableFacts[]>
  /** Of tables that a snapshot keeps as they were. */
  readonly snapshot: RowFiles
  /** Of tables whose engine has no snapshots: nobody may write to them before they are dumped. */
  readonly locked: RowFiles
}

/** Files that hold the rows of some of the tables. */
export interface RowFiles {
  readonly tables: readonly TableOfSchema[]
  /** Each by a process, the heaviest first. */
  readonly dumps: readonly PlannedDump[]
  /** Each by a connection of this program: rows that mysqldump would change. */
  readonly exactFiles: readonly PlannedFile[]
}

/** A table, and where it is. */
export interface TableOfSchema extends TableFacts {
  readonly schema: string
}

const ONLY_ROWS = ['--no-create-info', '--skip-triggers']

/** How rows are divided. */
export interface Division {
  /** Processes at a time. */
  readonly threads: number
  /** As far as MySQL's connections allow. */
  readonly filesPerThread: number
  /** Of a range's rows. What MySQL says of a table's size may be old: whole tables are shared out whatever they weigh. */
  readonly leastRangeBytes: number
}

/** Decides which process is to dump the rows of which tables. */
export async function planRows(
  connection: Connection,
  schemas: readonly string[],
  { threads, filesPerThread, leastRangeBytes }: Division,
): Promise<RowsPlan> {
  const tables = new Map<string, readonly TableFacts[]>()
  const withFloats = new Map<string, ReadonlySet<string>>()
  for (const schema of schemas) {
    tables.set(schema, await listTables(connection, schema))
    withFloats.set(schema, await listTablesWithFloats(connection, schema))
  }
  const all = [...tables].flatMap(([schema, own]) => own.map((facts) => ({ schema, ...facts })))
  const bytes = bytesOfGroup(all.map(pieceOf), threads, filesPerThread)
  async function rowFiles(chosen: readonly TableOfSchema[], word: string): Promise<RowFiles> {
    const isExact = ({ schema, name }: TableOfSchema) => withFloats.get(schema)?.has(name) ?? false
    const pieces: Piece[] = []
    for (const table of chosen.filter((table) => !isExact(table))) {
      pieces.push(...(await splitTable(connection, pieceOf(table), Math.max(bytes, leastRangeBytes))))
    }
    const prefixOf = (schema: string) => `s${schemas.indexOf(schema)}-2-${word}`
    return {
      tables: chosen.toSorted((one, other) => other.bytes - one.bytes),
      dumps: groupRows(pieces, bytes).map((group, index) =>
        plannedDump(group, `${prefixOf(group.schema)}-data`, index),
      ),
      exactFiles: groupRows(chosen.filter(isExact).map(pieceOf), bytes).map((group, index) =>
        plannedFile(group, `${prefixOf(group.schema)}-exact`, index),
      ),
    }
  }
  return {
    tables,
    snapshot: await rowFiles(all.filter(hasSnapshots), 'snapshot'),
    locked: await rowFiles(
      all.filter((table) => !hasSnapshots(table)),
      'locked',
    ),
  }
}

/** Of all tables, as MySQL estimates them. */
export function bytesOfRows({ tables }: RowsPlan): number {
  return [...tables.values()].flat().reduce((sum, { bytes }) => sum + bytes, 0)
}

function pieceOf({ schema, name, bytes }: TableOfSchema): Piece {
  return { schema, table: name, bytes }
}

function plannedFile({ schema, tables }: Group, prefix: string, index: number): PlannedFile {
  return { path: `${prefix}-${String(index).padStart(4, '0')}.sql.zst`, kind: 'data', schema, tables }
}

function plannedDump(group: Group, prefix: string, index: number): PlannedDump {
  const { schema, tables, where } = group
  const options = [...ONLY_ROWS, ...(where === undefined ? [] : [`--where=${where}`])]
  return { ...plannedFile(group, prefix, index), order: { options, schema, tables } }
}

function hasSnapshots({ engine }: TableFacts): boolean {
  return engine.toLowerCase() === 'innodb'
}

/**
 * Checks that the tables are those of the plan. To be asked when no definition can change any more.
 *
 * @throws {StepError} `DefinitionsChanged`, worth a retry
 */
export async function assertStillPlanned(connection: Connection, { tables }: RowsPlan): Promise<void> {
  for (const [schema, planned] of tables) {
    const now = await listTableEngines(connection, schema)
    if (isSame(planned, now)) continue
    throw new StepError({
      type: 'DefinitionsChanged',
      message: `Tables of \`${schema}\` were made, dropped or changed while its dump was about to begin.`,
      remedy: 'Try again.',
      retryable: true,
    })
  }
}

type Engine = Pick<TableFacts, 'name' | 'engine'>

function isSame(planned: readonly Engine[], now: readonly Engine[]): boolean {
  const text = (tables: readonly Engine[]) => JSON.stringify(tables.map(({ name, engine }) => [name, engine]))
  return text(planned) === text(now)
}
