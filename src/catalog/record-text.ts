import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type BackupRecord, type BackupRecordBody, backupRecordSchema } from '../domain/backup-record.ts'

/** The text of a record: the same facts give the same text. */
export function recordText(body: BackupRecordBody): string {
  return JSON.stringify({ ...body, sha256: hashOf(body) })
}

/**
 * Reads the text of a record.
 *
 * @returns the record, or in one sentence why it cannot be relied on
 */
export function parseRecord(text: string): BackupRecord | string {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return `The record is no JSON: ${error instanceof Error ? error.message : error}.`
  }
  const parsed = backupRecordSchema().safeParse(json)
  if (!parsed.success) return `The record is not as records are: ${z.prettifyError(parsed.error)}.`
  const { sha256, ...body } = parsed.data
  if (text !== recordText(body)) return 'The record was changed after it was written: its SHA-256 is another one.'
  return parsed.data
}

function hashOf(body: BackupRecordBody): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex')
}
