import pLimit from 'p-limit'
import type { BackupId } from '../domain/names.ts'
import { RecordError, readRecord } from './catalog.ts'
import { type RecordSummary, summaryOf } from './record-summary.ts'
import type { Store } from './s3-store.ts'

/** Records that are asked for at a time. */
const READ_AT_A_TIME = 32

/** A backup whose record cannot be relied on. */
export interface DamagedRecord {
  readonly backupId: BackupId
  /** In a sentence, which names the object. */
  readonly why: string
}

export interface Summaries {
  readonly summaries: ReadonlyMap<BackupId, RecordSummary>
  readonly damaged: readonly DamagedRecord[]
}

/**
 * What the records of these backups say, each read from the bucket unless it is known already.
 *
 * @param known from before. A record is written once, so what it says stays so
 */
export async function readSummaries(
  store: Store,
  backupIds: readonly BackupId[],
  known: ReadonlyMap<BackupId, RecordSummary>,
): Promise<Summaries> {
  const limit = pLimit(READ_AT_A_TIME)
  const read = await Promise.all(
    backupIds.map((backupId) => known.get(backupId) ?? limit(() => summaryOrDamage(store, backupId))),
  )
  const summaries = read.flatMap((each) => ('why' in each ? [] : [[each.backupId, each] as const]))
  return { summaries: new Map(summaries), damaged: read.filter((each) => 'why' in each) }
}

async function summaryOrDamage(store: Store, backupId: BackupId): Promise<RecordSummary | DamagedRecord> {
  try {
    return summaryOf(await readRecord(store, backupId))
  } catch (error) {
    if (!(error instanceof RecordError)) throw error
    return { backupId, why: error.message }
  }
}
