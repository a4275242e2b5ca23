export { BackupPipeline } from './backup-pipeline.ts'
export { Cleanup } from './cleanup.ts'
export { DatabaseLock } from './database-lock.ts'
export { PruneBackups } from './prune-backups.ts'
