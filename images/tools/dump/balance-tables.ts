/** A table with what it weighs. */
export interface WeighedTable {
  readonly name: string
  readonly bytes: number
}

/** Tables of one schema that one process dumps. */
export interface Share {
  readonly schema: string
  readonly tables: readonly string[]
  readonly bytes: number
}

/**
 * Divides the tables of schemas among so many processes that the heaviest has as little to do as can be had without much
 * thought: each schema gets a process, the heaviest ones get those that are left, and in a schema the heaviest tables are dealt
 * out first, each to the process that has least.
 *
 * @param threads how many processes there may be. A process dumps one schema, so there are at least as many as schemas with tables
 */
export function balanceTables(schemas: ReadonlyMap<string, readonly WeighedTable[]>, threads: number): Share[] {
  const counts = new Map<string, number>()
  for (const [schema, tables] of schemas) if (tables.length > 0) counts.set(schema, 1)
  for (let left = threads - counts.size; left > 0; left -= 1) {
    const heaviest = schemaWithMostPerProcess(schemas, counts)
    if (heaviest === undefined) break
    counts.set(heaviest, (counts.get(heaviest) ?? 0) + 1)
  }
  return [...counts].flatMap(([schema, processes]) => dealOut(schema, schemas.get(schema) ?? [], processes))
}

function schemaWithMostPerProcess(
  schemas: ReadonlyMap<string, readonly WeighedTable[]>,
  counts: ReadonlyMap<string, number>,
): string | undefined {
  let most = -1
  let found: string | undefined
  for (const [schema, processes] of counts) {
    const tables = schemas.get(schema) ?? []
    const bytesPerProcess = weigh(tables) / processes
    if (processes < tables.length && bytesPerProcess > most) {
      most = bytesPerProcess
      found = schema
    }
  }
  return found
}

function dealOut(schema: string, tables: readonly WeighedTable[], processes: number): Share[] {
  const shares = Array.from({ length: processes }, () => ({ schema, tables: [] as string[], bytes: 0 }))
  for (const table of [...tables].sort((one, other) => other.bytes - one.bytes)) {
    const lightest = shares.reduce((least, share) => (isLighter(share, least) ? share : least))
    lightest.tables.push(table.name)
    lightest.bytes += table.bytes
  }
  return shares
}

/** Of two that weigh the same, the one with fewer tables: empty tables are spread as well. */
function isLighter(one: { bytes: number; tables: string[] }, other: { bytes: number; tables: string[] }): boolean {
  return one.bytes === other.bytes ? one.tables.length < other.tables.length : one.bytes < other.bytes
}

function weigh(tables: readonly WeighedTable[]): number {
  return tables.reduce((sum, { bytes }) => sum + bytes, 0)
}
