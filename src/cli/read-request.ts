import { readFile } from 'node:fs/promises'
import { InputError } from './input-error.ts'
import { parseYaml } from './yaml-file.ts'

/**
 * A request, or a part of one, as a person gives it.
 *
 * @param given a file of YAML or JSON, with or without `@` before its name, or the JSON itself
 * @throws {InputError} where it cannot be read, or is none
 */
export async function readRequest(given: string): Promise<object> {
  const { name, text } = await textOf(given)
  const { value = {} } = parseYaml(name, text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new InputError(`${name}: a request is an object: "schemas: [shop]"`)
}

async function textOf(given: string): Promise<{ readonly name: string; readonly text: string }> {
  if (given.trimStart().startsWith('{')) return { name: '--request', text: given }
  const file = given.replace(/^@/, '')
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new InputError(`--request ${file}: ${error.message}`)
  })
  return { name: `--request ${file}`, text }
}
