import { type ListedBackup, listBackups } from '../../catalog/catalog.ts'
import { columns } from '../columns.ts'
import { print, printJson } from '../print.ts'
import type { BucketOptions } from './bucket-options.ts'
import { withStore } from './with-store.ts'

/** `holdfast backups list`: the backups of a bucket, newest first. */
export async function list(options: BucketOptions): Promise<void> {
  const backups = await withStore(options, listBackups)
  if (options.output === 'json') printJson(backups)
  else print(listTable(backups))
}

/** A line for each backup, for a person. */
export function listTable(backups: readonly ListedBackup[]): string {
  const rows = backups.map(({ backupId, startedAt, lastProof }) => {
    return [backupId, startedAt.toISOString(), proofText(lastProof)]
  })
  return `${columns([['backup', 'started', 'last proof'], ...rows])}\n${backups.length} backups`
}

function proofText(proof: ListedBackup['lastProof']): string {
  if (!proof) return 'never'
  return `${proof.result === 'equal' ? 'equal' : 'DIFFERENT'}, ${proof.at.toISOString()}`
}
