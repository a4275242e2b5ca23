import Table from 'cli-table3'
import type { RestoreResult } from '../domain/restore-result.ts'

/** What came back, for a person. */
export function restoreText({
  backupId,
  copy,
  schemas,
  setAside,
  tables,
  tableCount,
  objectCount,
}: RestoreResult): string {
  const table = new Table({ head: ['table', 'rows', 'checksum'], style: { head: [], border: [] } })
  for (const { name, restoredRows, checksumEqual } of tables) {
    table.push([name, restoredRows ?? 'missing', checksumEqual ? 'equal' : 'DIFFERS'])
  }
  const more = tableCount - tables.length
  const into = Object.entries(schemas).map(([from, to]) => (from === to ? from : `${from} into ${to}`))
  return [
    table.toString(),
    ...(more > 0 ? [`and ${more} more tables, equal too`] : []),
    ...(objectCount > 0 ? [`and views, routines, triggers, events: ${objectCount}, equal too`] : []),
    `Restored from ${copy}/${backupId}/, and equal to what was dumped: ${into.join(', ')}.`,
    ...Object.entries(setAside).map(
      ([schema, aside]) => `The tables that ${schema} had are in ${aside}. Drop it when nobody needs them.`,
    ),
  ].join('\n')
}
