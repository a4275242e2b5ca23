import type { ListedProof } from '../../catalog/list-proofs.ts'
import { randomPartOf } from '../../domain/names.ts'
import type { CatalogBackup } from '../report-facts.ts'

/** What is known of a backup by the last time that it was restored. */
export type ProofState = 'proven' | 'different' | 'unproven'

export function proofStateOf({ proofs }: Pick<CatalogBackup, 'proofs'>): ProofState {
  const last = proofs.at(-1)
  if (!last) return 'unproven'
  return last.result === 'equal' ? 'proven' : 'different'
}

/**
 * When a backup became a proven one: undefined where it is none. A drill of an old backup makes it no younger, so the first time counts
 * that it was found equal.
 */
export function provenAtOf({ proofs }: Pick<CatalogBackup, 'proofs'>): Date | undefined {
  return proofStateOf({ proofs }) === 'proven' ? proofs.find(({ result }) => result === 'equal')?.at : undefined
}

/** The proof that the pipeline has made which made the backup, if it came so far. */
export function ownProofOf(backup: Pick<CatalogBackup, 'proofs' | 'runId'>): ListedProof | undefined {
  return backup.proofs.find((proof) => isOwn(backup, proof))
}

/** Those that drills have made. */
export function drillProofsOf(backup: Pick<CatalogBackup, 'proofs' | 'runId'>): ListedProof[] {
  return backup.proofs.filter((proof) => !isOwn(backup, proof))
}

/** In the keys of the first proofs there are the first digits of the run's id, not the last ones. */
function isOwn({ runId }: Pick<CatalogBackup, 'runId'>, { run }: ListedProof): boolean {
  return run === randomPartOf(runId) || run === runId.slice(0, run.length)
}
