import pLimit from 'p-limit'
import { readProofs } from '../../catalog/catalog.ts'
import { type BackupWithProofs, listBackupsWithProofs } from '../../catalog/list-proofs.ts'
import { readSummaries } from '../../catalog/read-summaries.ts'
import type { S3Store } from '../../catalog/s3-store.ts'
import { readSummaryCache, summaryCacheFile, writeSummaryCache } from '../../catalog/summary-cache.ts'
import { proofStateOf } from '../../report/model/proofs.ts'
import type { Difference, ReportFacts } from '../../report/report-facts.ts'
import { withStore } from '../backups/with-store.ts'
import { errorMessage } from '../error-message.ts'
import { say } from '../print.ts'

/** How many of the backups that were found different are told of in full. */
const MOST_DIFFERENCES = 50
const READ_AT_A_TIME = 8
/** From so many records on, a person is told what takes time. */
const MANY = 200

type CatalogFacts = Pick<ReportFacts, 'backups' | 'damaged' | 'differences'>

/**
 * What the catalog of a bucket says: all keys are listed, and each record is read that no report has read before.
 *
 * @throws {Error} saying why S3 does not tell it
 */
export async function readCatalogFacts(options: {
  readonly bucket: string
  readonly pathStyle?: boolean
  readonly cache: boolean
}): Promise<CatalogFacts> {
  try {
    return await withStore(options, (store) => readFacts(store, options.cache))
  } catch (error) {
    const remedy = 'Do the credentials allow s3:ListBucket, and s3:GetObject on catalog/*?'
    throw new Error(`The catalog of the bucket ${options.bucket} cannot be read: ${errorMessage(error)}. ${remedy}`, {
      cause: error,
    })
  }
}

async function readFacts(store: S3Store, cache: boolean): Promise<CatalogFacts> {
  const file = summaryCacheFile(store.bucket, process.env)
  const [known, listed] = await Promise.all([cache ? readSummaryCache(file) : new Map(), listBackupsWithProofs(store)])
  const ids = listed.map(({ backupId }) => backupId)
  const unknown = ids.filter((id) => !known.has(id)).length
  if (unknown >= MANY) say(`Reading ${unknown} records. The next report reads only newer ones.`)
  const { summaries, damaged } = await readSummaries(store, ids, known)
  if (cache && unknown > 0) await keep(file, summaries.values())
  const backups = listed.flatMap(({ backupId, startedAt, proofs }) => {
    const summary = summaries.get(backupId)
    return summary ? [{ ...summary, startedAt, proofs }] : []
  })
  return { backups, damaged, differences: await readDifferences(store, listed) }
}

/** A report is none the worse where it cannot: the next one takes longer. */
async function keep(file: string, summaries: Parameters<typeof writeSummaryCache>[1]): Promise<void> {
  try {
    await writeSummaryCache(file, summaries)
  } catch (error) {
    say(`What was read could not be kept in ${file}: ${errorMessage(error)}`)
  }
}

/** Of the newest backups whose last proof found a difference. */
async function readDifferences(store: S3Store, listed: readonly BackupWithProofs[]): Promise<Difference[]> {
  const different = listed.filter((backup) => proofStateOf(backup) === 'different').slice(-MOST_DIFFERENCES)
  const limit = pLimit(READ_AT_A_TIME)
  const proofs = await Promise.all(different.map(({ backupId }) => limit(() => readProofs(store, backupId))))
  return proofs.flatMap((each) => each.at(-1) ?? []).toReversed()
}
