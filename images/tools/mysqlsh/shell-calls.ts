import { quoteName } from '../mysql/connection.ts'
import type { ShellCall } from './run-shell.ts'

/** A table, and the schema it is in. */
export interface TableName {
  readonly schema: string
  readonly name: string
}

/**
 * The call by which MySQL Shell dumps rows. What each option means, and its default, is told by `util.help('dump_schemas')`, and by
 * "Schema Dump Utility" of MySQL Shell's manual. Named are those that the dump relies on, be they a default or not.
 *
 * @param folder that does not exist yet, or is empty: others are refused
 * @param tables all that are dumped
 * @param others tables of the same schemas that are not
 */
export function dumpCall(
  folder: string,
  tables: readonly TableName[],
  others: readonly TableName[],
  threads: number,
): ShellCall {
  return {
    call: 'dump_schemas',
    arguments: [[...new Set(tables.map(({ schema }) => schema))], folder],
    options: {
      threads,
      // All threads in one snapshot: FLUSH TABLES WITH READ LOCK, START TRANSACTION WITH CONSISTENT SNAPSHOT in each, LOCK INSTANCE
      // FOR BACKUP, UNLOCK TABLES.
      consistent: true,
      // Definitions are dumped by what dumps them with every engine.
      dataOnly: true,
      excludeTables: others.map(qualifiedName),
      tzUtc: true,
      compression: 'zstd',
      chunking: true,
      bytesPerChunk: '64M',
      showProgress: false,
    },
    optionsWhereKnown: { checksum: true },
  }
}

/** What of a dump of MySQL Shell's is loaded, and where to. */
export interface ShellLoad {
  readonly folder: string
  readonly from: string
  readonly to: string
  /** Absent: all of the schema that the dump has. */
  readonly tables?: readonly string[]
  readonly threads: number
  /** Outside of the dump's folder, which is a backup. */
  readonly progressFile: string
  /** Whether the dump has checksums of its own. */
  readonly checksum: boolean
}

/**
 * The call by which MySQL Shell loads rows into tables that are there, in a schema of another name: `util.help('load_dump')`, and
 * "Dump Loading Utility" of its manual.
 */
export function loadCall({ folder, from, to, tables, threads, progressFile, checksum }: ShellLoad): ShellCall {
  const chosen = tables
    ? { includeTables: tables.map((name) => qualifiedName({ schema: from, name })) }
    : { includeSchemas: [asFilter(from)] }
  return {
    call: 'load_dump',
    arguments: [folder],
    options: {
      schema: to,
      ...chosen,
      threads,
      loadDdl: false,
      loadData: true,
      loadUsers: false,
      // The tables have their indexes.
      deferTableIndexes: 'off',
      progressFile,
      // A try begins with empty tables: what one before has loaded is gone with its schema.
      resetProgress: true,
      ignoreVersion: false,
      skipBinlog: false,
      analyzeTables: 'off',
      updateGtidSet: 'off',
      showProgress: false,
      ...(checksum && { checksum }),
    },
    optionsWhereKnown: {},
  }
}

function qualifiedName({ schema, name }: TableName): string {
  return `${quoteName(schema)}.${quoteName(name)}`
}

/** MySQL Shell takes a schema that begins with a backtick for one in quotes. */
function asFilter(schema: string): string {
  return schema.startsWith('`') ? quoteName(schema) : schema
}
