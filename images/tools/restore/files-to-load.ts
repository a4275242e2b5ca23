import type { DumpFile, DumpManifest } from '../dump/dump-manifest.ts'
import { StepError } from '../job/step-error.ts'
import { shellFilesOf } from './load-shell-rows.ts'
import type { RestoreRequest } from './restore-request.ts'

/** Files of a kind are loaded after those of the kinds before it. */
export type Kinds = readonly DumpFile['kind'][]

export const ROWS: Kinds = ['data', 'mysqlsh']
/** Of a schema of which only some tables are restored: their definitions and their rows. */
const TABLES: Kinds = ['structure', ...ROWS]
/** After the rows, so that no trigger fires while they come in. */
export const OBJECTS: Kinds = ['routines', 'views', 'triggers', 'events']

/** Of a table's rows, as they are stored. The indexes of a smaller one are quicker made while they come in. */
const LEAST_DEFERRED_BYTES = 8 * 1024 * 1024

/** Of a schema, in the order in which they are loaded. */
export function filesToLoad(
  { manifest, tables }: Pick<RestoreRequest, 'manifest' | 'tables'>,
  schema: string,
): DumpFile[] {
  const chosen = tables[schema]
  const byShell = shellFilesOf(manifest, schema, chosen)
  const own = [...manifest.files.filter((file) => file.schema === schema && file.kind !== 'mysqlsh'), ...byShell]
  if (!chosen) return [...TABLES, ...OBJECTS].flatMap((kind) => own.filter((file) => file.kind === kind))
  // A file with rows may hold those of several small tables.
  const isChosen = (file: DumpFile) => file.kind !== 'data' || file.tables.some((table) => chosen.includes(table))
  return TABLES.flatMap((kind) => own.filter((file) => file.kind === kind && isChosen(file)))
}

/** @throws {StepError} naming the schema or the table that is not in the dump */
export function assertInDump({
  manifest,
  mapping,
  tables,
}: Pick<RestoreRequest, 'manifest' | 'mapping' | 'tables'>): void {
  for (const schema of Object.keys(mapping)) {
    if (manifest.schemas[schema] === undefined) throw notInDump(schema, manifest)
    const dumped = new Set(manifest.files.flatMap((file) => (file.schema === schema ? file.tables : [])))
    const missing = tables[schema]?.find((table) => !dumped.has(table))
    if (missing !== undefined) throw tableNotInDump(schema, missing)
  }
}

function tableNotInDump(schema: string, table: string): StepError {
  return new StepError({
    type: 'TableNotInDump',
    message: `The dump holds no table \`${schema}\`.\`${table}\`.`,
    remedy: 'Correct the table in the request: its name as it was when it was dumped. Views cannot be chosen.',
    retryable: false,
  })
}

function notInDump(schema: string, manifest: DumpManifest): StepError {
  return new StepError({
    type: 'SchemaNotInDump',
    message: `The dump holds no schema \`${schema}\`, but ${Object.keys(manifest.schemas).join(', ') || 'none'}.`,
    remedy: 'Correct the schema in the request.',
    retryable: false,
  })
}

/** Those of which files hold so many rows that an index is better made of all of them at once. */
export function tablesOfManyRows(files: readonly DumpFile[]): readonly string[] {
  const bytes = new Map<string, number>()
  for (const file of files) {
    const [table, ...others] = file.tables
    // What files share are small tables.
    if (ROWS.includes(file.kind) && table !== undefined && others.length === 0) {
      bytes.set(table, (bytes.get(table) ?? 0) + file.bytes)
    }
  }
  return [...bytes].filter(([, stored]) => stored >= LEAST_DEFERRED_BYTES).map(([table]) => table)
}
