import { proofKey, recordKey } from '../../../src/catalog/catalog-keys.ts'
import { recordText } from '../../../src/catalog/record-text.ts'
import { type BackupId, backupIdOf } from '../../../src/domain/names.ts'
import { recordBody } from '../../catalog/support/record-body.ts'
import type { TestBucket } from '../../catalog/support/test-bucket.ts'

/** A backup that is to be in a bucket. */
export interface WantedBackup {
  readonly startedAt: Date
  readonly runId: string
  readonly schema: string
  readonly bytes: number
  /** By which run, when, and what it found. */
  readonly proofs?: readonly (readonly [runId: string, at: Date, result: 'equal' | 'different'])[]
}

/** Writes a backup's record and its proofs as a pipeline would. Its database is in the namespace `shop`. */
export async function putBackup(bucket: TestBucket, wanted: WantedBackup): Promise<BackupId> {
  const { startedAt, runId, schema, bytes, proofs = [] } = wanted
  const backupId = backupIdOf(startedAt, runId)
  const record = {
    ...recordBody,
    ...{ backupId, startedAt: startedAt.toISOString(), pipeline: { workflowId: 'nightly', runId } },
    request: { namespace: 'shop', schemas: [schema] },
    objects: [{ name: 'manifest.json', bytes, sha256: '0'.repeat(64) }],
  }
  await bucket.put(recordKey(backupId), recordText(record))
  for (const [run, at, result] of proofs) {
    const differences = result === 'equal' ? [] : [{ kind: 'table', name: `${schema}.t`, what: 'is missing' }]
    const proof = {
      ...{ version: 1, backupId, provenAt: at.toISOString(), pipeline: { workflowId: 'nightly', runId: run } },
      ...{ schemaMapping: {}, tableCount: 1, objectCount: 0, differenceCount: differences.length, differences },
    }
    await bucket.put(proofKey(backupId, at, run, result), JSON.stringify(proof))
  }
  return backupId
}
