/** Rows to be dumped: those of a table, or those of a range of its primary key. */
export interface Piece {
  readonly schema: string
  readonly table: string
  /** The range, as the condition of a query; absent for the whole table. */
  readonly where?: string
  readonly bytes: number
}

/** Rows that go into one file. */
export interface Group {
  readonly schema: string
  readonly tables: readonly string[]
  readonly where?: string
  readonly bytes: number
}

/** What a table costs beside its rows: a process asks for its definition and its columns. As many bytes take as long. */
const TABLE_BYTES = 256 * 1024
/** Of rows, as MySQL has them. A range that holds fewer is not worth a process of its own. */
export const LEAST_BYTES = 32 * 1024 * 1024
/**
 * How many files there are at most beyond one for each process that runs at a time: so many that none runs alone for long at the end,
 * and so few that all their processes and as many readers fit into MySQL's 151 connections (`max_connections`) with 64 threads.
 */
const MORE_FILES = 16

/**
 * How many bytes a file should have, so that processes that work off the files are done at the same time.
 *
 * @param pieces all that is to be dumped
 * @param threads how many processes run at a time
 * @param filesPerThread how many files each of them should write, one after the other
 */
export function bytesOfGroup(pieces: readonly Piece[], threads: number, filesPerThread: number): number {
  const total = pieces.reduce((sum, piece) => sum + weightOf(piece), 0)
  return Math.ceil(total / (threads + Math.min(threads * (filesPerThread - 1), MORE_FILES)))
}

/**
 * Puts pieces together until they weigh so much: tables of one schema, since that is what a process dumps. A range has a file
 * of its own. The heaviest groups come first: what is begun last should not take longest.
 */
export function groupRows(pieces: readonly Piece[], bytes: number): Group[] {
  const groups: { schema: string; tables: string[]; bytes: number }[] = []
  const whole = pieces.filter(({ where }) => where === undefined)
  for (const piece of whole.toSorted((one, other) => other.bytes - one.bytes)) {
    const weight = weightOf(piece)
    const group = groups.find((each) => each.schema === piece.schema && each.bytes + weight <= bytes)
    if (group) {
      group.tables.push(piece.table)
      group.bytes += weight
    } else groups.push({ schema: piece.schema, tables: [piece.table], bytes: weight })
  }
  const ranges = pieces.filter(({ where }) => where !== undefined)
  return [...groups, ...ranges.map(({ table, ...range }) => ({ ...range, tables: [table] }))].sort(
    (one, other) => other.bytes - one.bytes,
  )
}

function weightOf({ bytes }: Piece): number {
  return TABLE_BYTES + bytes
}
