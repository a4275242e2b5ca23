import { type BackupId, backupIdSchema } from '../../domain/names.ts'
import { InputError } from '../input-error.ts'

/** @throws {InputError} where it is none */
export function parseBackupId(text: string): BackupId {
  const parsed = backupIdSchema().safeParse(text)
  if (!parsed.success) throw new InputError(`${text}: ${parsed.error.issues[0]?.message}.`)
  return parsed.data
}
