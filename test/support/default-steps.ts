import { parseBackupRequest, stepsOf } from '../../src/domain/backup-request.ts'

/** The steps of a pipeline whose request leaves everything to its defaults. */
export const DEFAULT_STEPS = stepsOf(parseBackupRequest({}))
