import { existsSync } from 'node:fs'
import type { z } from 'zod'
import { InputError } from '../input-error.ts'
import type { YamlFile } from '../yaml-file.ts'

/** Read where it is there, and no other file is named. */
const USUAL_FILE = 'holdfast.yaml'

/** By environment variable, the value that stands for it. */
export type SettingValues = ReadonlyMap<string, string | boolean>

/**
 * Reads the settings file.
 *
 * @param named by the person; undefined: the usual one, if it is there; empty: none
 * @throws {InputError} naming file, line and key of what is wrong
 */
export async function readSettings(named: string | undefined): Promise<SettingValues> {
  const file = named ?? USUAL_FILE
  if (file === '' || (named === undefined && !existsSync(file))) return new Map()
  // Only now: most people have no such file, and it takes time to load what reads it.
  const { readYamlFile } = await import('../yaml-file.ts')
  return await settingsOf(file, await readYamlFile(file))
}

async function settingsOf(file: string, yaml: YamlFile): Promise<SettingValues> {
  const { SETTINGS, settingsSchema } = await import('./settings-schema.ts')
  const parsed = settingsSchema.safeParse(yaml.value ?? {})
  if (!parsed.success) throw new InputError(complaints(file, yaml, parsed.error.issues).join('\n'))
  const values = new Map<string, string | boolean>()
  for (const { section, key, variable } of SETTINGS) {
    const around: Readonly<Record<string, unknown>> | undefined = section ? parsed.data[section] : parsed.data
    const value = around?.[key]
    if (typeof value === 'string' || typeof value === 'boolean') values.set(variable, value)
  }
  return values
}

/** A line for each thing that is wrong, in the order of the file. */
function complaints(file: string, yaml: YamlFile, issues: readonly z.core.$ZodIssue[]): string[] {
  const found = issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }]
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is no setting' }))
  })
  return found
    .map(({ path, message }) => ({ line: yaml.lineOf(path), text: `${path.join('.') || 'the file'}: ${message}` }))
    .sort((one, other) => one.line - other.line)
    .map(({ line, text }) => `${file}:${line}: ${text}`)
}
