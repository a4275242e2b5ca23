import type { BackupRequest } from './backup-request.ts'
import type { PruneRequest } from './prune-request.ts'
import type { DrillRequest, RestoreRequest } from './restore-request.ts'

/** What a pipeline is asked to do, in one line: for lists, and for the page of its workflow. */
export function backupInShort({
  namespace,
  schemas,
  sampleData,
  staging,
  encryption,
  engine,
  accounts,
}: BackupRequest): string {
  const how = [
    ...(staging === 'volume' ? [] : [`staging ${staging}`]),
    ...(encryption === 'none' ? [] : [`encrypted by ${encryption}`]),
    ...(engine === undefined ? [] : [`by ${engine}`]),
    ...(accounts === 'include' ? ['with accounts'] : []),
    ...(sampleData.kind === 'none' ? [] : [`after ${sampleData.kind} data were loaded`]),
  ]
  return withDetails(`Backup of ${schemas.join(', ')} in ${namespace}`, how)
}

/** The same of a restore. */
export function restoreInShort({ backup, bucket, namespace, schemas, tables, server, ifExists }: RestoreRequest) {
  const into = Object.entries(schemas ?? {}).map(([from, to]) => (from === to ? from : `${from} into ${to}`))
  const how = [
    ...into,
    ...(Object.keys(tables).length > 0 ? ['only some tables'] : []),
    ...(server ? [`onto ${server.host}`] : []),
    ...(ifExists === 'swap' ? ['in place of what is there'] : []),
  ]
  return withDetails(`Restore of ${backupText(backup)} from ${bucket} in ${namespace}`, how)
}

/** The same of a drill. */
export function drillInShort({ backup, bucket, namespace, backupOf = namespace, copy }: DrillRequest): string {
  const of = backup === 'latest' ? ` of ${backupOf}` : ''
  return `Drill of ${backupText(backup)}${of}, from ${copy} in ${bucket}`
}

/** The same of a pruning. */
export function pruneInShort({ bucket, rule, mode, hold }: PruneRequest): string {
  const { keepLast, hourly, daily, weekly, monthly, yearly, maxAgeDays } = rule
  const counts = Object.entries({ keepLast, hourly, daily, weekly, monthly, yearly }).filter(([, count]) => count > 0)
  const how = [
    ...counts.map(([name, count]) => `${name} ${count}`),
    ...(maxAgeDays === undefined ? [] : [`none older than ${maxAgeDays} days`]),
    ...(hold.length === 0 ? [] : [`${hold.length} held`]),
    ...(mode === 'plan' ? ['nothing is deleted'] : []),
  ]
  return withDetails(`Pruning of ${bucket}`, how)
}

function backupText(backup: string): string {
  return backup === 'latest' ? 'the latest proven backup' : `backup ${backup}`
}

function withDetails(what: string, how: readonly string[]): string {
  return how.length === 0 ? what : `${what}: ${how.join(', ')}`
}
