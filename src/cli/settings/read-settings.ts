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
 * @param named by the person; undefined: the usual one, if it is there
 * @throws {InputError} naming file, line and key of what is wrong
 */
export async function readSettings(named: string | undefined): Promise<SettingValues> {
  const file = named ?? USUAL_FILE
  if (named === undefined && !existsSync(file)) return new Map()
  // Only now: most people have no such file, and it takes time to load what reads it.
  const { readYamlFile } = await import('../yaml-file.ts')
  return await settingsOf(file, await readYamlFile(file))
}

async function settingsOf(file: string, yaml: YamlFile): Promise<SettingValues> {
  const { SETTINGS, settingsSchema } = await import('./settings-schema.ts')
  const parsed = settingsSchema.safeParse(yaml.value ?? {})
  if (!parsed.success) throw new InputError(parsed.error.issues.flatMap((issue) => describe(file, yaml, issue)).join('\n'))
  const values = new Map<string, string | boolean>()
  for (const { section, key, variable } of SETTINGS) {
    const around: Readonly<Record<string, unknown>> | undefined = section ? parsed.data[section] : parsed.data
    const value = around?.[key]
    if (typeof value === 'string' || typeof value === 'boolean') values.set(variable, value)
  }
  return values
}

function describe(file: string, yaml: YamlFile, issue: z.core.$ZodIssue): string[] {
  const at = (path: readonly PropertyKey[]) => `${file}:${yaml.lineOf(path)}: ${path.join('.') || 'the file'}`
  if (issue.code !== 'unrecognized_keys') return [`${at(issue.path)}: ${issue.message}`]
  return issue.keys.map((key) => `${at([...issue.path, key])}: is no setting`)
}
