import type { ScheduleDescription } from '@temporalio/client'
import { parseBackupRequest } from '../../domain/backup-request.ts'
import type { Database } from '../../domain/database-name.ts'
import { kindOf } from './kinds.ts'

/** What a schedule backs up; undefined where it does something else, or its request is of a version that is not understood. */
export function databaseOf({ action }: Pick<ScheduleDescription, 'action'>): Database | undefined {
  if (kindOf(action.workflowType) !== 'backup') return undefined
  try {
    return parseBackupRequest(action.args?.[0])
  } catch {
    return undefined
  }
}
