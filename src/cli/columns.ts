/** What stands between two columns. */
const GAP = '  '

/**
 * Rows in columns, each as wide as its longest cell, for tables of any length: cli-table3 takes seconds for 10,000 rows, and four times
 * as long for twice as many.
 */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  }
  const line = (row: readonly string[]) => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(GAP)
  return rows.map((row) => line(row).trimEnd()).join('\n')
}
