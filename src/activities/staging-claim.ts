import type { BackupId } from '../domain/names.ts'

/** The PersistentVolumeClaim on which a backup's dump lies until the pipeline has ended. */
export function stagingClaimOf(backupId: BackupId): string {
  return `staging-${backupId.toLowerCase()}`
}
