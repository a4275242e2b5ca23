import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { type NotifySettings, notifySettingsSchema } from './notify-settings.ts'

/** Of complaints about a file, the first say enough. */
const MOST_COMPLAINTS = 5
/** A key that somebody may have misspelt. Whatever else stands in a key's place may be a secret. */
const SPEAKABLE = /^[A-Za-z][A-Za-z-]{0,30}$/

/** What is wrong with the file, in one line. It repeats no value of it. */
export class NotifySettingsError extends Error {
  override readonly name = 'NotifySettingsError'
}

/**
 * Reads who is notified of what. It is read each time: a Secret that is mounted changes under the worker.
 *
 * @param file of YAML, which JSON is too
 * @throws {NotifySettingsError}
 */
export async function readNotifySettings(file: string): Promise<NotifySettings> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new NotifySettingsError(`${file} cannot be read: ${error.code ?? 'no reason is known'}`)
  })
  const parsed = notifySettingsSchema.safeParse(parseYaml(file, text))
  if (parsed.success) return parsed.data
  const complaints = parsed.error.issues.slice(0, MOST_COMPLAINTS).map(complaint)
  throw new NotifySettingsError(`${file}: ${complaints.join('; ')}`)
}

/** The parser's own words may quote the line. */
function parseYaml(file: string, text: string): unknown {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error)
    throw new NotifySettingsError(`${file}:${lines.linePos(error.pos[0]).line}: this is no YAML (${error.code})`)
  try {
    return document.toJS()
  } catch {
    throw new NotifySettingsError(`${file}: an alias in it stands for nothing, or for too much`)
  }
}

function complaint(issue: z.core.$ZodIssue): string {
  const where = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  const what = where === '' ? 'the file' : where.replace(/^\./, '')
  if (issue.code !== 'unrecognized_keys') return `${what} ${issue.message}`
  const unknown = issue.keys.map((key) => (SPEAKABLE.test(key) ? key : 'something'))
  return `${what} has ${unknown.join(', ')}, which is no setting`
}
