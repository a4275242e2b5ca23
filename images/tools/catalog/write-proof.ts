import { proofKey } from '../../../src/catalog/catalog-keys.ts'
import type { Store } from '../../../src/catalog/s3-store.ts'
import type { BackupProof } from '../../../src/domain/backup-record.ts'
import { asStep } from './open-store.ts'

/** Writes down what came of a restore, beside the record. @returns its key */
export async function writeProof(store: Store, proof: BackupProof): Promise<string> {
  const result = proof.differenceCount === 0 ? 'equal' : 'different'
  const key = proofKey(proof.backupId, new Date(proof.provenAt), proof.pipeline.runId, result)
  // One of that name was written by this pipeline in the same second, and says the same.
  await asStep(`Writing ${key}`, () => store.create(key, JSON.stringify(proof)))
  return key
}
